<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Watching</name>
        <message>
            <source>What LabDesk needs</source>
            <translation>LabDesk 需要的内容</translation>
        </message>
        <message>
            <source>Check every line, and say the units: nobody can read them from the numbers.</source>
            <translation>请逐行核对并填写单位：单位无法从数字看出。</translation>
        </message>
        <message>
            <source>Unit of {0}</source>
            <translation>{0}的单位</translation>
        </message>
        <message>
            <source>Read</source>
            <translation>读取</translation>
        </message>
        <message>
            <source>Preview</source>
            <translation>预览</translation>
        </message>
        <message>
            <source>Register</source>
            <translation>登记</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>审查</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>种类</translation>
        </message>
        <message>
            <source>Where it is</source>
            <translation>位置</translation>
        </message>
        <message>
            <source>Which files</source>
            <translation>哪些文件</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>试验机</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>方法</translation>
        </message>
        <message>
            <source>Browse …</source>
            <translation>浏览……</translation>
        </message>
        <message>
            <source>Read   F5</source>
            <translation>读取   F5</translation>
        </message>
        <message>
            <source>Not found: {0}</source>
            <translation>未找到：{0}</translation>
        </message>
        <message>
            <source>There is no record yet.</source>
            <translation>还没有记录。</translation>
        </message>
        <message>
            <source>{0} is stored and watched from now on.</source>
            <translation>{0} 已保存，现在起监视。</translation>
        </message>
        <message>
            <source>Review of record {0}</source>
            <translation>审查记录 {0}</translation>
        </message>
        <message>
            <source>{0} to review</source>
            <translation>{0} 条待审查</translation>
        </message>
        <message>
            <source>Record</source>
            <translation>记录</translation>
        </message>
        <message>
            <source>Noticed</source>
            <translation>发现</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试样</translation>
        </message>
        <message>
            <source>What it means</source>
            <translation>说明</translation>
        </message>
        <message>
            <source>Samples</source>
            <translation>点数</translation>
        </message>
        <message>
            <source>Says</source>
            <translation>结果</translation>
        </message>
        <message>
            <source>Folder of files</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>SQLite file</source>
            <translation>SQLite 文件</translation>
        </message>
        <message>
            <source>Access file (.mdb, .accdb)</source>
            <translation>Access 文件（.mdb、.accdb）</translation>
        </message>
        <message>
            <source>Database server</source>
            <translation>数据库服务器</translation>
        </message>
        <message>
            <source>Key of the record</source>
            <translation>记录主键</translation>
        </message>
        <message>
            <source>Specimen's label</source>
            <translation>试样编号</translation>
        </message>
        <message>
            <source>Operator</source>
            <translation>试验员</translation>
        </message>
        <message>
            <source>Moment of the test</source>
            <translation>试验时间</translation>
        </message>
        <message>
            <source>Whole curve as text</source>
            <translation>整条曲线（文本）</translation>
        </message>
        <message>
            <source>Sample's record</source>
            <translation>数据点所属记录</translation>
        </message>
        <message>
            <source>Sample's order</source>
            <translation>数据点次序</translation>
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
            <source>Displacement</source>
            <translation>位移</translation>
        </message>
        <message>
            <source>not imported</source>
            <translation>未导入</translation>
        </message>
        <message>
            <source>edited</source>
            <translation>被修改</translation>
        </message>
        <message>
            <source>deleted</source>
            <translation>被删除</translation>
        </message>
        <message>
            <source>there again</source>
            <translation>又出现</translation>
        </message>
        <message>
            <source>assigned</source>
            <translation>已指定</translation>
        </message>
        <message>
            <source>Assign</source>
            <translation>指定</translation>
        </message>
        <message>
            <source>Peak, kN</source>
            <translation>最大力 kN</translation>
        </message>
        <message>
            <source>Specimen's label of record {0}</source>
            <translation>记录 {0} 的试样编号</translation>
        </message>
        <message>
            <source>Watched files</source>
            <translation>监视的文件</translation>
        </message>
        <message>
            <source>Machines</source>
            <translation>试验机</translation>
        </message>
        <message>
            <source>{0}: {1}, answered for by {2}</source>
            <translation>{0}：{1}，负责人 {2}</translation>
        </message>
        <message>
            <source>Watched now</source>
            <translation>正在监看</translation>
        </message>
        <message>
            <source>Source · machine</source>
            <translation>来源 · 设备</translation>
        </message>
    </context>
</TS>
