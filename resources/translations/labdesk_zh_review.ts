<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Review</name>
        <message>
            <source>next</source>
            <translation>下一份</translation>
        </message>
        <message>
            <source>previous</source>
            <translation>上一份</translation>
        </message>
        <message>
            <source>specimen</source>
            <translation>换试件</translation>
        </message>
        <message>
            <source>photos</source>
            <translation>看照片</translation>
        </message>
        <message>
            <source>sign</source>
            <translation>签名</translation>
        </message>
        <message>
            <source>return</source>
            <translation>退回</translation>
        </message>
        <message>
            <source>Nothing waits for a signature</source>
            <translation>没有等待签名的记录</translation>
        </message>
        <message>
            <source>Raw records and reports appear here as soon as a lot is evaluated and submitted.</source>
            <translation>样品组评定并提交后，原始记录和报告会出现在这里。</translation>
        </message>
        <message>
            <source>{0} wait for you · {1} for others</source>
            <translation>{0} 份待我签 · {1} 份待他人</translation>
        </message>
        <message>
            <source>opened {0} of {1}</source>
            <translation>已阅 {0} / {1}</translation>
        </message>
        <message>
            <source>not here yet</source>
            <translation>文件尚未到达</translation>
        </message>
        <message>
            <source>Photos · {0} of {1} opened · P</source>
            <translation>影像 · 已阅 {0} / {1} · 按 P</translation>
        </message>
        <message>
            <source>Way of the sample</source>
            <translation>样品流转</translation>
        </message>
        <message>
            <source>Notices</source>
            <translation>提示</translation>
        </message>
        <message>
            <source>Signatures</source>
            <translation>签名</translation>
        </message>
        <message>
            <source>to sign</source>
            <translation>待签</translation>
        </message>
        <message>
            <source>Returned by {0}: {1}</source>
            <translation>{0} 退回：{1}</translation>
        </message>
        <message>
            <source>Sign {0}</source>
            <translation>签署 {0}</translation>
        </message>
        <message>
            <source>As “{0}”, {1}. Type your PIN; it stands for your signature.</source>
            <translation>以“{0}”身份签名：{1}。请输入 PIN，等同本人签名。</translation>
        </message>
        <message>
            <source>Return {0}</source>
            <translation>退回 {0}</translation>
        </message>
        <message>
            <source>The round ends; the main tester submits anew. Nothing is deleted.</source>
            <translation>本轮结束，由主检重新提交。任何记录都不会删除。</translation>
        </message>
        <message>
            <source>The curve does not fit the reported points</source>
            <translation>曲线与报告的特征点不符</translation>
        </message>
        <message>
            <source>An entry was copied wrongly</source>
            <translation>手工录入抄写有误</translation>
        </message>
        <message>
            <source>Custody or photos do not fit the sample</source>
            <translation>流转记录或影像与样品不符</translation>
        </message>
        <message>
            <source>The remarks are incomplete</source>
            <translation>备注不完整</translation>
        </message>
        <message>
            <source>{0} is signed and stored.</source>
            <translation>{0} 已签名并保存。</translation>
        </message>
        <message>
            <source>{0} was returned.</source>
            <translation>{0} 已退回。</translation>
        </message>
        <message>
            <source>Parameter</source>
            <translation>参数</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试件</translation>
        </message>
        <message>
            <source>whole lot</source>
            <translation>全组</translation>
        </message>
        <message>
            <source>Raw</source>
            <translation>原始值</translation>
        </message>
        <message>
            <source>Rounded</source>
            <translation>修约值</translation>
        </message>
        <message>
            <source>Limit</source>
            <translation>限值</translation>
        </message>
        <message>
            <source>Verdict</source>
            <translation>判定</translation>
        </message>
        <message>
            <source>Clause</source>
            <translation>条款</translation>
        </message>
        <message>
            <source>used</source>
            <translation>采用</translation>
        </message>
        <message>
            <source>invalid</source>
            <translation>无效</translation>
        </message>
        <message>
            <source>line lost</source>
            <translation>线路中断</translation>
        </message>
        <message>
            <source>not used</source>
            <translation>未采用</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>时间</translation>
        </message>
        <message>
            <source>Machine · tester</source>
            <translation>设备 · 检测人</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>理由</translation>
        </message>
        <message>
            <source>Entry</source>
            <translation>录入项</translation>
        </message>
        <message>
            <source>As typed</source>
            <translation>录入原文</translation>
        </message>
        <message>
            <source>counts</source>
            <translation>有效</translation>
        </message>
        <message>
            <source>corrected</source>
            <translation>已更正</translation>
        </message>
        <message>
            <source>Values</source>
            <translation>结果</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>Entries</source>
            <translation>录入</translation>
        </message>
        <message>
            <source>Specimen {0} / {1}</source>
            <translation>试件 {0} / {1}</translation>
        </message>
        <message>
            <source>No curve</source>
            <translation>无曲线</translation>
        </message>
        <message>
            <source>Two people read the peak from the display; the photo is at the right (P).</source>
            <translation>最大力由两人自设备显示读取，照片见右侧（按 P）。</translation>
        </message>
        <message>
            <source>No curve for this specimen</source>
            <translation>本试件没有曲线</translation>
        </message>
        <message>
            <source>It was weighed or bent; its values are below.</source>
            <translation>该试件用于称重或弯曲，结果见下方。</translation>
        </message>
        <message>
            <source>{0} min</source>
            <translation>{0} 分钟</translation>
        </message>
        <message>
            <source>{0} h</source>
            <translation>{0} 小时</translation>
        </message>
        <message>
            <source>{0} d</source>
            <translation>{0} 天</translation>
        </message>
        <message>
            <source>Measured by hand</source>
            <translation>手工检测</translation>
        </message>
        <message>
            <source>This method has no curve; what was typed is below (3).</source>
            <translation>该方法没有曲线；录入的数据见下方（3）。</translation>
        </message>
    </context>
</TS>
