<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Equipment</name>
        <message>
            <source>No machine is registered</source>
            <translation>尚未登记试验机</translation>
        </message>
        <message>
            <source>No.</source>
            <translation>编号</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Capacity, kN</source>
            <translation>量程 kN</translation>
        </message>
        <message>
            <source>Range, kN</source>
            <translation>使用范围 kN</translation>
        </message>
        <message>
            <source>Calibration</source>
            <translation>检定</translation>
        </message>
        <message>
            <source>Line</source>
            <translation>线路</translation>
        </message>
        <message>
            <source>not valid: {0}</source>
            <translation>无效：{0}</translation>
        </message>
        <message>
            <source>until {0}</source>
            <translation>至 {0}</translation>
        </message>
        <message>
            <source>all</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>Certificate</source>
            <translation>证书编号</translation>
        </message>
        <message>
            <source>Valid from</source>
            <translation>有效期自</translation>
        </message>
        <message>
            <source>Class</source>
            <translation>准确度级别</translation>
        </message>
        <message>
            <source>Capacity</source>
            <translation>量程</translation>
        </message>
        <message>
            <source>Range</source>
            <translation>使用范围</translation>
        </message>
        <message>
            <source>Tests</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>Driver</source>
            <translation>驱动</translation>
        </message>
        <message>
            <source>Port</source>
            <translation>端口</translation>
        </message>
        <message>
            <source>{0} machines</source>
            <translation>共 {0} 台</translation>
        </message>
        <message>
            <source>The quality manager or an administrator registers machines here (F8).</source>
            <translation>由质量负责人或管理员在此登记设备（F8）。</translation>
        </message>
        <message>
            <source>only from {0}</source>
            <translation>{0} 起有效</translation>
        </message>
        <message>
            <source>Equipment number</source>
            <translation>设备编号</translation>
        </message>
        <message>
            <source>Port (COM3, /dev/serial/by-id/…, socket://…)</source>
            <translation>端口（COM3、/dev/serial/by-id/…、socket://…）</translation>
        </message>
        <message>
            <source>Extensometer, mm (if any)</source>
            <translation>引伸计标距，mm（如有）</translation>
        </message>
        <message>
            <source>Certificate number</source>
            <translation>证书编号</translation>
        </message>
        <message>
            <source>Accuracy class</source>
            <translation>准确度等级</translation>
        </message>
        <message>
            <source>Valid from (2026-01-01)</source>
            <translation>有效期自（2026-01-01）</translation>
        </message>
        <message>
            <source>Valid until (2026-12-31)</source>
            <translation>有效期至（2026-12-31）</translation>
        </message>
        <message>
            <source>Save   Enter</source>
            <translation>保存   回车</translation>
        </message>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
        <message>
            <source>New certificate</source>
            <translation>新证书</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>修改</translation>
        </message>
        <message>
            <source>Register a machine</source>
            <translation>登记设备</translation>
        </message>
        <message>
            <source>Every version stays on record; runs keep the one they were made with.</source>
            <translation>每次修改都留有记录；已做的试验保留当时的设备信息。</translation>
        </message>
        <message>
            <source>New certificate of {0}</source>
            <translation>{0} 的新证书</translation>
        </message>
        <message>
            <source>Until now {0}, valid until {1}.</source>
            <translation>现有证书 {0}，有效至 {1}。</translation>
        </message>
        <message>
            <source>{0} is stored; the certificate is valid until {1}.</source>
            <translation>{0} 已保存，证书有效至 {1}。</translation>
        </message>
        <message>
            <source>Tests it is registered for</source>
            <translation>登记的试验项目</translation>
        </message>
        <message>
            <source>Connect a machine</source>
            <translation>连接设备</translation>
        </message>
        <message>
            <source>Switch the machine on. LabDesk only listens and asks for values; it never moves a machine.</source>
            <translation>请先打开设备电源。LabDesk 只接收和询问数值，从不控制设备动作。</translation>
        </message>
        <message>
            <source>With a little load on: its own display, in kN</source>
            <translation>加少许荷载后，设备自身显示值（kN）</translation>
        </message>
        <message>
            <source>Listen   F7</source>
            <translation>监听   F7</translation>
        </message>
        <message>
            <source>Go on   Enter</source>
            <translation>继续   Enter</translation>
        </message>
        <message>
            <source>Choose or type the port first.</source>
            <translation>请先选择或输入端口。</translation>
        </message>
        <message>
            <source>Trying {0} of {1}: {2}</source>
            <translation>正在尝试第 {0} 种，共 {1} 种：{2}</translation>
        </message>
        <message>
            <source>Found: {0}, {1} frames in a row.</source>
            <translation>已找到：{0}，连续 {1} 帧正确。</translation>
        </message>
        <message>
            <source>Also possible: {0}.</source>
            <translation>也可能是：{0}。</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>已停止。</translation>
        </message>
        <message>
            <source>Listen first: nothing was understood yet.</source>
            <translation>请先监听：还没有能解读的数据。</translation>
        </message>
        <message>
            <source>“{0}” is not a number.</source>
            <translation>“{0}”不是数字。</translation>
        </message>
        <message>
            <source>Find it for me   F5</source>
            <translation>自动查找   F5</translation>
        </message>
        <message>
            <source>Stop searching   F5</source>
            <translation>停止查找   F5</translation>
        </message>
        <message>
            <source>from documents</source>
            <translation>依据文档</translation>
        </message>
        <message>
            <source>on recordings</source>
            <translation>依据录制数据</translation>
        </message>
        <message>
            <source>on the machine</source>
            <translation>已与设备核对</translation>
        </message>
        <message>
            <source>beta, </source>
            <translation>测试版，</translation>
        </message>
        <message>
            <source>The port does not open: {0} ({1}).</source>
            <translation>端口无法打开：{0}（{1}）。</translation>
        </message>
        <message>
            <source>The line is silent at every speed: check cable, power, and that the output is switched on.</source>
            <translation>各种速率下都没有数据：请检查电缆、电源，以及设备的输出是否已打开。</translation>
        </message>
        <message>
            <source>{0} bytes arrived, but no driver understands them. Choose a driver by hand, or record raw bytes and send them in.</source>
            <translation>收到 {0} 字节，但没有驱动能解读。请手动选择驱动，或录制原始数据后反馈。</translation>
        </message>
        <message>
            <source>At zero every unit looks alike: load the machine a little, then read the display again.</source>
            <translation>示值为零时各种单位没有区别：请加少许荷载后再读一次显示值。</translation>
        </message>
        <message>
            <source>The line says {0}, the display {1} kN: the line seems to be in {2}. Set the driver's unit to it.</source>
            <translation>线上数值 {0}，显示 {1} kN：线上单位似乎是 {2}，请把驱动的单位设为它。</translation>
        </message>
        <message>
            <source>The line says {0}, the display {1} kN: they do not agree. Wrong driver, wrong unit, or peak hold left on?</source>
            <translation>线上数值 {0}，显示 {1} kN，两者不一致。驱动不对、单位不对，还是峰值保持没有关？</translation>
        </message>
        <message>
            <source>Bytes</source>
            <translation>字节</translation>
        </message>
        <message>
            <source>As text</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>As the driver understands it</source>
            <translation>驱动解读</translation>
        </message>
        <message>
            <source>Nothing has arrived yet: is the machine switched on and its output enabled?</source>
            <translation>还没有数据：设备已开机并打开输出了吗？</translation>
        </message>
        <message>
            <source>{0} bytes · {1} good frames · {2} bad · {3} bytes in no frame</source>
            <translation>{0} 字节 · 正确 {1} 帧 · 错误 {2} 帧 · 无法归帧 {3} 字节</translation>
        </message>
        <message>
            <source>Find a machine</source>
            <translation>查找设备</translation>
        </message>
        <message>
            <source>Choose the driver first, or have it found (F5).</source>
            <translation>请先选择驱动，或自动查找（F5）。</translation>
        </message>
        <message>
            <source>The device sends nothing by itself. Choose it by its name and search again: only its own questions are asked then.</source>
            <translation>设备不会自动发送数据。请按名称选择驱动后再查找：只会发送该设备自己的询问。</translation>
        </message>
        <message>
            <source>not known yet</source>
            <translation>尚不清楚</translation>
        </message>
        <message>
            <source>Nothing is sent. Let the other program show live values; its pace is ours. Wire RX and ground only, never TX (manual, Tap).</source>
            <translation>本机不发送任何字节。请让另一程序显示实时数值，采样速度由它决定。只接 RX 和地线，绝不接 TX（见手册“监听”）。</translation>
        </message>
        <message>
            <source>port on the other program's TX</source>
            <translation>接在另一程序 TX 上的端口</translation>
        </message>
        <message>
            <source>LabDesk talks on this line</source>
            <translation>由 LabDesk 与试验机通信</translation>
        </message>
        <message>
            <source>Another program: one wire on the machine's TX</source>
            <translation>由另一程序通信：一根线接试验机的 TX，只监听</translation>
        </message>
        <message>
            <source>Another program: both sides on one wire (RS-485)</source>
            <translation>由另一程序通信：双方共用一对线（RS-485），只监听</translation>
        </message>
        <message>
            <source>Another program: a wire on each side</source>
            <translation>由另一程序通信：两侧各接一根线，只监听</translation>
        </message>
        <message>
            <source>Port (COM3, /dev/serial/by-id/…, socket://…, press-pc@COM3)</source>
            <translation>端口（COM3、/dev/serial/by-id/…、socket://…、press-pc@COM3）</translation>
        </message>
        <message>
            <source>Computers</source>
            <translation>采集电脑</translation>
        </message>
    </context>
</TS>
