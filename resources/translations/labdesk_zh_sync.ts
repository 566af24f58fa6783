<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Sync</name>
        <message>
            <source>About</source>
            <translation>关于</translation>
        </message>
        <message>
            <source>Commission</source>
            <translation>委托单</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Made</source>
            <translation>产生</translation>
        </message>
        <message>
            <source>Failed tries</source>
            <translation>失败次数</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>平台收到</translation>
        </message>
        <message>
            <source>Receipt by</source>
            <translation>回执签名</translation>
        </message>
        <message>
            <source>Files</source>
            <translation>附件</translation>
        </message>
        <message>
            <source>Fingerprint</source>
            <translation>数据指纹</translation>
        </message>
        <message>
            <source>Send again   F5</source>
            <translation>重新发送   F5</translation>
        </message>
        <message>
            <source>Close with a reason   F8</source>
            <translation>填写理由关闭   F8</translation>
        </message>
        <message>
            <source>Closed by {0}: {1}</source>
            <translation>{0} 关闭：{1}</translation>
        </message>
        <message>
            <source>What</source>
            <translation>内容</translation>
        </message>
        <message>
            <source>Receipt or reason</source>
            <translation>回执或原因</translation>
        </message>
        <message>
            <source>receipt {0}</source>
            <translation>回执 {0}</translation>
        </message>
        <message>
            <source>waits {0}</source>
            <translation>已等 {0}</translation>
        </message>
        <message>
            <source>try now</source>
            <translation>立即尝试</translation>
        </message>
        <message>
            <source>send again</source>
            <translation>重新发送</translation>
        </message>
        <message>
            <source>close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>search</source>
            <translation>搜索</translation>
        </message>
        <message>
            <source>Number of report, lot, receipt or commission</source>
            <translation>报告、样品组、收样单或委托单编号</translation>
        </message>
        <message>
            <source>All</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <source>Needs a person</source>
            <translation>需人工</translation>
        </message>
        <message>
            <source>Arrived</source>
            <translation>已送达</translation>
        </message>
        <message>
            <source>Closed</source>
            <translation>已关闭</translation>
        </message>
        <message>
            <source>Nothing here</source>
            <translation>没有记录</translation>
        </message>
        <message>
            <source>Whatever the laboratory does is told to the platform by itself and listed here.</source>
            <translation>机构的每一步操作都会自动上报平台，并列在这里。</translation>
        </message>
        <message>
            <source>The platform could not be reached; everything is kept and tried again.</source>
            <translation>连不上平台；内容都已保存，会自动再试。</translation>
        </message>
        <message>
            <source>{0} arrived just now.</source>
            <translation>刚刚送达 {0} 条。</translation>
        </message>
        <message>
            <source>Close without arriving</source>
            <translation>未送达而关闭</translation>
        </message>
        <message>
            <source>It stays on record with your name and reason; what waits behind it goes on.</source>
            <translation>记录连同姓名和理由一并保留；其后的内容继续上报。</translation>
        </message>
        <message>
            <source>reception</source>
            <translation>收样</translation>
        </message>
        <message>
            <source>rejection</source>
            <translation>拒收</translation>
        </message>
        <message>
            <source>run and curve</source>
            <translation>试验与曲线</translation>
        </message>
        <message>
            <source>manual reading</source>
            <translation>人工读数</translation>
        </message>
        <message>
            <source>evaluation</source>
            <translation>评定</translation>
        </message>
        <message>
            <source>signature</source>
            <translation>签名</translation>
        </message>
        <message>
            <source>request for a report code</source>
            <translation>报告防伪码申领</translation>
        </message>
        <message>
            <source>issued report</source>
            <translation>已出具报告</translation>
        </message>
        <message>
            <source>failing result</source>
            <translation>不合格结果</translation>
        </message>
        <message>
            <source>seal of the log</source>
            <translation>日志封签</translation>
        </message>
        <message>
            <source>waits</source>
            <translation>等待上报</translation>
        </message>
        <message>
            <source>sent, no answer yet</source>
            <translation>已发出，未得答复</translation>
        </message>
        <message>
            <source>arrived</source>
            <translation>已送达</translation>
        </message>
        <message>
            <source>refused</source>
            <translation>被拒</translation>
        </message>
        <message>
            <source>needs a person</source>
            <translation>需人工处理</translation>
        </message>
        <message>
            <source>closed</source>
            <translation>已关闭</translation>
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
            <source>{0} waiting</source>
            <translation>{0} 条待传</translation>
        </message>
        <message>
            <source>oldest {0}</source>
            <translation>最早 {0}前</translation>
        </message>
        <message>
            <source>last contact {0}</source>
            <translation>最近联系 {0}</translation>
        </message>
        <message>
            <source>no contact yet</source>
            <translation>尚未联系</translation>
        </message>
        <message>
            <source>, </source>
            <translation>，</translation>
        </message>
        <message>
            <source>{0} need a person</source>
            <translation>{0} 条需要人工处理</translation>
        </message>
        <message>
            <source>Platform out of reach, work goes on</source>
            <translation>连不上平台，工作照常</translation>
        </message>
        <message>
            <source>Uploading late</source>
            <translation>上报偏晚</translation>
        </message>
        <message>
            <source>Uploading</source>
            <translation>正在上报</translation>
        </message>
        <message>
            <source>Everything has arrived</source>
            <translation>全部已送达</translation>
        </message>
        <message>
            <source>and {0} more</source>
            <translation>另有 {0} 项</translation>
        </message>
        <message>
            <source>reason for a gap</source>
            <translation>中断说明理由</translation>
        </message>
    </context>
</TS>
