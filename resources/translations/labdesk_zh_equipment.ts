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
    </context>
</TS>
