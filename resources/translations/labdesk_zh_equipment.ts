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
            <source>The administrator registers machines with their certificates and ports.</source>
            <translation>由管理员登记设备、检定证书和端口。</translation>
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
    </context>
</TS>
