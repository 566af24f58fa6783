<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Methods</name>
        <message>
            <source>search</source>
            <translation>查找</translation>
        </message>
        <message>
            <source>previous</source>
            <translation>上一个</translation>
        </message>
        <message>
            <source>next</source>
            <translation>下一个</translation>
        </message>
        <message>
            <source>everything as a page</source>
            <translation>全部打开为一页</translation>
        </message>
        <message>
            <source>Material, test or standard</source>
            <translation>材料、试验或标准号</translation>
        </message>
        <message>
            <source>No method holds these words</source>
            <translation>没有包含这些字词的方法</translation>
        </message>
        <message>
            <source>Try the material, the test or the number of the standard.</source>
            <translation>请改用材料、试验名称或标准号查找。</translation>
        </message>
        <message>
            <source>Files that are not used:</source>
            <translation>未采用的文件：</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>方法</translation>
        </message>
        <message>
            <source>Certainty</source>
            <translation>可信程度</translation>
        </message>
        <message>
            <source>checked</source>
            <translation>已核对</translation>
        </message>
        <message>
            <source>own file</source>
            <translation>本单位文件</translation>
        </message>
    </context>
</TS>
