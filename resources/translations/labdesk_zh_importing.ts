<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Importing</name>
        <message>
            <source>Columns of the file · units are never guessed</source>
            <translation>文件中的列 · 单位从不猜测</translation>
        </message>
        <message>
            <source>Unit of {0}</source>
            <translation>{0}的单位</translation>
        </message>
        <message>
            <source>Decimal mark</source>
            <translation>小数点</translation>
        </message>
        <message>
            <source>Samples a second</source>
            <translation>每秒采样点数</translation>
        </message>
        <message>
            <source>Factor A</source>
            <translation>系数 A</translation>
        </message>
        <message>
            <source>Factor B</source>
            <translation>系数 B</translation>
        </message>
        <message>
            <source>as recognised</source>
            <translation>按识别结果</translation>
        </message>
        <message>
            <source>point</source>
            <translation>点</translation>
        </message>
        <message>
            <source>comma</source>
            <translation>逗号</translation>
        </message>
        <message>
            <source>column {0}</source>
            <translation>第 {0} 列</translation>
        </message>
        <message>
            <source>Nothing is read yet</source>
            <translation>尚未读取</translation>
        </message>
        <message>
            <source>Test {0}</source>
            <translation>试验 {0}</translation>
        </message>
        <message>
            <source>Time, s</source>
            <translation>时间 / s</translation>
        </message>
        <message>
            <source>Crosshead, mm</source>
            <translation>横梁位移 / mm</translation>
        </message>
        <message>
            <source>Extension, mm</source>
            <translation>变形 / mm</translation>
        </message>
        <message>
            <source>Force, kN</source>
            <translation>力 / kN</translation>
        </message>
        <message>
            <source>{0} samples</source>
            <translation>{0} 个采样</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>结果</translation>
        </message>
        <message>
            <source>File says</source>
            <translation>文件所载</translation>
        </message>
        <message>
            <source>Ours</source>
            <translation>本程序</translation>
        </message>
        <message>
            <source>Within</source>
            <translation>容差</translation>
        </message>
        <message>
            <source>choose a file</source>
            <translation>选择文件</translation>
        </message>
        <message>
            <source>next test</source>
            <translation>下一个试验</translation>
        </message>
        <message>
            <source>remember columns</source>
            <translation>记住列对应</translation>
        </message>
        <message>
            <source>store as a run</source>
            <translation>存为试验</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试件</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Choose a file (F5) or drop it here</source>
            <translation>选择文件（F5）或拖到此处</translation>
        </message>
        <message>
            <source>Scan its label</source>
            <translation>扫描标签</translation>
        </message>
        <message>
            <source>Browse …   F5</source>
            <translation>浏览…   F5</translation>
        </message>
        <message>
            <source>Columns and units are remembered for files with these titles.</source>
            <translation>已记住：同样列标题的文件沿用这些列和单位。</translation>
        </message>
        <message>
            <source>{0} is stored as run {1} of {2}, marked as imported.</source>
            <translation>{0} 已存为试件 {2} 的试验 {1}，并标为导入。</translation>
        </message>
        <message>
            <source>Test {0} of {1}</source>
            <translation>试验 {0} / {1}</translation>
        </message>
        <message>
            <source>The label of the piece that was tested</source>
            <translation>所试试件的标签</translation>
        </message>
        <message>
            <source>was loaded before: run {0}</source>
            <translation>已经加载过：试验 {0}</translation>
        </message>
        <message>
            <source>nothing is to be loaded of it</source>
            <translation>没有计划在试验机上加载</translation>
        </message>
        <message>
            <source>Import a test</source>
            <translation>导入试验</translation>
        </message>
        <message>
            <source>Curves</source>
            <translation>曲线</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>时间</translation>
        </message>
        <message>
            <source>Force</source>
            <translation>力</translation>
        </message>
        <message>
            <source>Extension</source>
            <translation>变形</translation>
        </message>
        <message>
            <source>Crosshead</source>
            <translation>横梁位移</translation>
        </message>
        <message>
            <source>Strain</source>
            <translation>应变</translation>
        </message>
        <message>
            <source>complete</source>
            <translation>完整</translation>
        </message>
        <message>
            <source>aborted: no break</source>
            <translation>中止：未破坏</translation>
        </message>
        <message>
            <source>empty test</source>
            <translation>空试验</translation>
        </message>
        <message>
            <source>results, no curve</source>
            <translation>只有结果，无曲线</translation>
        </message>
        <message>
            <source>curve encoding of a platform</source>
            <translation>平台曲线编码</translation>
        </message>
        <message>
            <source>another program</source>
            <translation>其他程序</translation>
        </message>
        <message>
            <source>layout {0}</source>
            <translation>编码 {0}</translation>
        </message>
        <message>
            <source>decimal comma</source>
            <translation>小数逗号</translation>
        </message>
        <message>
            <source>decimal point</source>
            <translation>小数点</translation>
        </message>
        <message>
            <source>not computed</source>
            <translation>未计算</translation>
        </message>
        <message>
            <source>agrees</source>
            <translation>一致</translation>
        </message>
        <message>
            <source>differs</source>
            <translation>不一致</translation>
        </message>
    </context>
</TS>
