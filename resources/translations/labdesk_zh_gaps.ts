<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Gaps</name>
        <message>
            <source>No run with a gap waits for a decision.</source>
            <translation>没有等待处理的采样中断。</translation>
        </message>
        <message>
            <source>{0}: why does the run count?</source>
            <translation>{0}：该试验为什么有效？</translation>
        </message>
        <message>
            <source>Your name, the time and the reason are printed in the report and sent to the platform.</source>
            <translation>您的姓名、时间和理由将印在报告上，并上报监管平台。</translation>
        </message>
        <message>
            <source>The machine's own peak register agrees with the curve</source>
            <translation>设备自身的峰值寄存与曲线一致</translation>
        </message>
        <message>
            <source>The gap lies after the largest force and before the break</source>
            <translation>中断在最大力之后、断裂之前</translation>
        </message>
        <message>
            <source>Run {0} counts; the reason is stored.</source>
            <translation>试验 {0} 计入结果，理由已保存。</translation>
        </message>
        <message>
            <source>1 run with a gap</source>
            <translation>1 个试验有关键中断</translation>
        </message>
        <message>
            <source>{0} runs with a gap</source>
            <translation>{0} 个试验有关键中断</translation>
        </message>
        <message>
            <source>{0}: samples are missing ({1} of {2})</source>
            <translation>{0}：缺失采样（{1} / {2}）</translation>
        </message>
        <message>
            <source>does not count</source>
            <translation>不计入</translation>
        </message>
        <message>
            <source>Lot {0}, machine {1}, loaded by {2}.</source>
            <translation>样品 {0}，设备 {1}，加载人 {2}。</translation>
        </message>
        <message>
            <source>Give a reason   Enter</source>
            <translation>说明理由   Enter</translation>
        </message>
        <message>
            <source>Leave   Esc</source>
            <translation>离开   Esc</translation>
        </message>
        <message>
            <source>PgUp PgDn other run · Enter give a reason · Esc leave it undecided</source>
            <translation>PgUp PgDn 其他试验 · Enter 说明理由 · Esc 暂不处理</translation>
        </message>
        <message>
            <source>A quality supervisor who did not test this lot may take it on with a reason; it is printed and sent to the platform. Otherwise declare the run invalid on the page Samples (F8): a spare takes its place.</source>
            <translation>未参加本批试验的质量监督员可以说明理由后采用，理由印在报告上并上报平台。否则在“样品”页按 F8 宣布试验无效，由备用试件代替。</translation>
        </message>
        <message>
            <source>A quality supervisor who did not test this lot may take it on with a reason; it is printed and sent to the platform. Otherwise declare the run invalid on the page Samples (F8); the lot has no spare left.</source>
            <translation>未参加本批试验的质量监督员可以说明理由后采用，理由印在报告上并上报平台。否则在“样品”页按 F8 宣布试验无效；本批没有备用试件了。</translation>
        </message>
        <message>
            <source>… and {0} more</source>
            <translation>…… 另有 {0} 处</translation>
        </message>
        <message>
            <source>{0} s without samples, from {1} s to {2} s: {3}. Beside it {4} kN, {5} % of the largest force.</source>
            <translation>{0} s 没有采样，从 {1} s 到 {2} s：{3}。两侧力值 {4} kN，为最大力的 {5} %。</translation>
        </message>
        <message>
            <source>{0} s missing</source>
            <translation>缺失 {0} s</translation>
        </message>
        <message>
            <source>Force rose steadily, no yield lies in the gap</source>
            <translation>力值平稳上升，中断处没有屈服</translation>
        </message>
    </context>
</TS>
