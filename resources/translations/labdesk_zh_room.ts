<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Room</name>
        <message>
            <source>Paste the pairing line first.</source>
            <translation>请先粘贴配对行。</translation>
        </message>
        <message>
            <source>{0} is paired; its ports begin with {0}@.</source>
            <translation>已与 {0} 配对；它的端口以 {0}@ 开头。</translation>
        </message>
        <message>
            <source>{0} is forgotten; runs it still holds come home when it is paired again.</source>
            <translation>已取消与 {0} 的配对；它还保存着的试验在重新配对后取回。</translation>
        </message>
        <message>
            <source>Computers at machines</source>
            <translation>接试验机的电脑</translation>
        </message>
        <message>
            <source>A computer at a machine runs “labdesk capture-serve” and shows a pairing line. Nobody without that line gets in. Compare the fingerprint with its screen.</source>
            <translation>接试验机的电脑运行“labdesk capture-serve”并显示一行配对信息；没有这行信息的人无法接入。请核对两边的指纹。</translation>
        </message>
        <message>
            <source>Pairing line (labdesk-capture://…)</source>
            <translation>配对行（labdesk-capture://…）</translation>
        </message>
        <message>
            <source>Look again   F5</source>
            <translation>重新查找   F5</translation>
        </message>
        <message>
            <source>Pair   Enter</source>
            <translation>配对   Enter</translation>
        </message>
        <message>
            <source>Forget   Ctrl+Del</source>
            <translation>取消配对   Ctrl+Del</translation>
        </message>
        <message>
            <source>Close   Esc</source>
            <translation>关闭   Esc</translation>
        </message>
        <message>
            <source>No computer at a machine answers. The pairing line also works without being found.</source>
            <translation>没有接试验机的电脑应答。未找到时也可以直接用配对行。</translation>
        </message>
        <message>
            <source>not paired</source>
            <translation>未配对</translation>
        </message>
        <message>
            <source>paired</source>
            <translation>已配对</translation>
        </message>
        <message>
            <source>paired, not heard</source>
            <translation>已配对，无应答</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>地址</translation>
        </message>
        <message>
            <source>Fingerprint</source>
            <translation>指纹</translation>
        </message>
    </context>
</TS>
