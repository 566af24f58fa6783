<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Reports</name>
        <message>
            <source>Print and count   Enter</source>
            <translation>打印并计数   Enter</translation>
        </message>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
        <message>
            <source>Copies of {0}</source>
            <translation>{0} 的份数</translation>
        </message>
        <message>
            <source>Done and stored.</source>
            <translation>已完成并保存。</translation>
        </message>
        <message>
            <source>open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>print</source>
            <translation>打印</translation>
        </message>
        <message>
            <source>ask again</source>
            <translation>重新申领</translation>
        </message>
        <message>
            <source>make the paper</source>
            <translation>生成报告</translation>
        </message>
        <message>
            <source>search</source>
            <translation>搜索</translation>
        </message>
        <message>
            <source>Number, code, project, lot or part</source>
            <translation>编号、防伪码、项目、样品组或部位</translation>
        </message>
        <message>
            <source>All</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>Signing</source>
            <translation>签名中</translation>
        </message>
        <message>
            <source>Waiting for code</source>
            <translation>待防伪码</translation>
        </message>
        <message>
            <source>Issued</source>
            <translation>已出具</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>已结束</translation>
        </message>
        <message>
            <source>No report fits</source>
            <translation>没有符合的报告</translation>
        </message>
        <message>
            <source>Change the words or choose All.</source>
            <translation>请更换搜索词，或选择“全部”。</translation>
        </message>
        <message>
            <source>No report yet</source>
            <translation>还没有报告</translation>
        </message>
        <message>
            <source>A draft appears when main tester and checker have signed the raw record.</source>
            <translation>主检与校核签完原始记录后，这里会出现报告草稿。</translation>
        </message>
        <message>
            <source>{0} reports · drop a PDF or scan a report's QR to verify it</source>
            <translation>{0} 份报告 · 拖入 PDF 或扫描报告二维码即可查验</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>项目</translation>
        </message>
        <message>
            <source>Sample</source>
            <translation>样品</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Report code</source>
            <translation>报告防伪码</translation>
        </message>
        <message>
            <source>Copies</source>
            <translation>份数</translation>
        </message>
        <message>
            <source>Issue · round</source>
            <translation>期次 · 轮次</translation>
        </message>
        <message>
            <source>Lot</source>
            <translation>样品组</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>部位</translation>
        </message>
        <message>
            <source>Verdict</source>
            <translation>判定</translation>
        </message>
        <message>
            <source>Returned: {0}</source>
            <translation>退回：{0}</translation>
        </message>
        <message>
            <source>{0} printed · {1} exported · {2} drafts</source>
            <translation>已打印 {0} 份 · 导出 {1} 份 · 草稿 {2} 份</translation>
        </message>
        <message>
            <source>What was checked</source>
            <translation>查验内容</translation>
        </message>
        <message>
            <source>to be signed</source>
            <translation>待签名</translation>
        </message>
        <message>
            <source>to be reviewed</source>
            <translation>待审核</translation>
        </message>
        <message>
            <source>to be approved</source>
            <translation>待批准</translation>
        </message>
        <message>
            <source>waits for code</source>
            <translation>待防伪码</translation>
        </message>
        <message>
            <source>coded, no paper</source>
            <translation>有码未出具</translation>
        </message>
        <message>
            <source>issued</source>
            <translation>已出具</translation>
        </message>
        <message>
            <source>returned</source>
            <translation>已退回</translation>
        </message>
        <message>
            <source>replaced</source>
            <translation>已替换</translation>
        </message>
        <message>
            <source>withdrawn</source>
            <translation>已撤销</translation>
        </message>
        <message>
            <source>void</source>
            <translation>作废</translation>
        </message>
        <message>
            <source>code refused</source>
            <translation>防伪码被拒</translation>
        </message>
        <message>
            <source>The request for the code waits for the line.</source>
            <translation>防伪码申领等待线路。</translation>
        </message>
        <message>
            <source>The request for the code was sent; the answer is awaited.</source>
            <translation>防伪码申领已发出，等待平台答复。</translation>
        </message>
        <message>
            <source>The code has come; the paper is being made.</source>
            <translation>防伪码已到，正在生成报告。</translation>
        </message>
        <message>
            <source>The platform gave no code:</source>
            <translation>平台未签发防伪码：</translation>
        </message>
        <message>
            <source>The request needs a person; see the sync page.</source>
            <translation>申领需要人工处理，请看同步页。</translation>
        </message>
        <message>
            <source>The request was closed; see the sync page.</source>
            <translation>申领已关闭，请看同步页。</translation>
        </message>
        <message>
            <source>Not genuine</source>
            <translation>不是真实报告</translation>
        </message>
        <message>
            <source>Cannot tell</source>
            <translation>无法判定</translation>
        </message>
        <message>
            <source>Genuine, but replaced</source>
            <translation>真实，但已被替换</translation>
        </message>
        <message>
            <source>Genuine, but withdrawn</source>
            <translation>真实，但已撤销</translation>
        </message>
        <message>
            <source>The code is genuine</source>
            <translation>防伪码真实</translation>
        </message>
        <message>
            <source>Genuine</source>
            <translation>真实</translation>
        </message>
    </context>
</TS>
