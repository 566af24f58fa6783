<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Acceptance</name>
        <message>
            <source>tick</source>
            <translation>勾选</translation>
        </message>
        <message>
            <source>all shown</source>
            <translation>全选</translation>
        </message>
        <message>
            <source>none</source>
            <translation>全不选</translation>
        </message>
        <message>
            <source>method</source>
            <translation>方法</translation>
        </message>
        <message>
            <source>keep</source>
            <translation>保存评定</translation>
        </message>
        <message>
            <source>print</source>
            <translation>打印</translation>
        </message>
        <message>
            <source>up to here</source>
            <translation>选到此处</translation>
        </message>
        <message>
            <source>table</source>
            <translation>导出表格</translation>
        </message>
        <message>
            <source>check</source>
            <translation>复核</translation>
        </message>
        <message>
            <source>search</source>
            <translation>查找</translation>
        </message>
        <message>
            <source>Part, sample number or day of casting; 2026-03..2026-04-15 is a span of days</source>
            <translation>部位、样品编号或成型日期；2026-03..2026-04-15 表示一段日期</translation>
        </message>
        <message>
            <source>σ0 in MPa; empty: from the groups of the 90 days before</source>
            <translation>σ0（MPa）；不填则取前 90 天的试件组</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>评定方法</translation>
        </message>
        <message>
            <source>Outcome</source>
            <translation>评定结果</translation>
        </message>
        <message>
            <source>Statements</source>
            <translation>已保存的评定</translation>
        </message>
        <message>
            <source>No group holds these words.</source>
            <translation>没有符合的试件组。</translation>
        </message>
        <message>
            <source>Tick the groups of the lot: the outcome follows at once.</source>
            <translation>勾选本批的试件组，即时得出评定结果。</translation>
        </message>
        <message>
            <source>No groups of this project</source>
            <translation>本项目没有试件组</translation>
        </message>
        <message>
            <source>Cubes of concrete or mortar appear here once they are received.</source>
            <translation>混凝土或砂浆试块收样后显示在这里。</translation>
        </message>
        <message>
            <source>No project chosen</source>
            <translation>未选项目</translation>
        </message>
        <message>
            <source>Choose one on the page of projects (F10).</source>
            <translation>请在项目页选择（F10）。</translation>
        </message>
        <message>
            <source>Reading {0} of {1} samples</source>
            <translation>正在读取 {0} / {1} 个样品</translation>
        </message>
        <message>
            <source>Sample no.</source>
            <translation>样品编号</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>工程部位</translation>
        </message>
        <message>
            <source>Cast</source>
            <translation>成型日期</translation>
        </message>
        <message>
            <source>MPa</source>
            <translation>MPa</translation>
        </message>
        <message>
            <source>% of grade</source>
            <translation>占设计值 %</translation>
        </message>
        <message>
            <source>{0} of {1} selected groups count</source>
            <translation>所选 {1} 组中 {0} 组参加评定</translation>
        </message>
        <message>
            <source>{0} of {1} values, {2} fail: all are in the statement and its table.</source>
            <translation>共 {1} 项，显示 {0} 项，{2} 项不合格；全部见评定及其表格。</translation>
        </message>
        <message>
            <source>too low</source>
            <translation>不足</translation>
        </message>
        <message>
            <source>met</source>
            <translation>满足</translation>
        </message>
        <message>
            <source>{0} groups, {1}. The selection and the hash of each group's evaluation are kept with it.</source>
            <translation>{0} 组，{1}。所选试件组及各组评定结果的校验值一并保存。</translation>
        </message>
        <message>
            <source>Keep the statement?</source>
            <translation>保存评定？</translation>
        </message>
        <message>
            <source>Statement {0} is kept.</source>
            <translation>评定 {0} 已保存。</translation>
        </message>
        <message>
            <source>The table is {0}.</source>
            <translation>表格已写入 {0}。</translation>
        </message>
        <message>
            <source>Number</source>
            <translation>编号</translation>
        </message>
        <message>
            <source>Grade, groups</source>
            <translation>等级、组数</translation>
        </message>
        <message>
            <source>invalid</source>
            <translation>无效</translation>
        </message>
        <message>
            <source>age</source>
            <translation>龄期不符</translation>
        </message>
        <message>
            <source>retest</source>
            <translation>复试</translation>
        </message>
        <message>
            <source>incomplete</source>
            <translation>不完整</translation>
        </message>
        <message>
            <source>not evaluated</source>
            <translation>未评定</translation>
        </message>
        <message>
            <source>evaluated {0}×</source>
            <translation>评定过 {0} 次</translation>
        </message>
        <message>
            <source>evaluated {0} times, the newest counts</source>
            <translation>评定过 {0} 次，以最近一次为准</translation>
        </message>
        <message>
            <source>no grade</source>
            <translation>无等级</translation>
        </message>
        <message>
            <source>by the number of groups</source>
            <translation>按组数确定</translation>
        </message>
        <message>
            <source>statistical</source>
            <translation>统计方法（标准差未知）</translation>
        </message>
        <message>
            <source>statistical, deviation known</source>
            <translation>统计方法（标准差已知）</translation>
        </message>
        <message>
            <source>non-statistical</source>
            <translation>非统计方法</translation>
        </message>
        <message>
            <source>accepted</source>
            <translation>合格</translation>
        </message>
        <message>
            <source>not accepted</source>
            <translation>不合格</translation>
        </message>
        <message>
            <source>and {0} more</source>
            <translation>另有 {0} 条</translation>
        </message>
        <message>
            <source>Acceptance</source>
            <translation>强度评定</translation>
        </message>
        <message>
            <source>Projects</source>
            <translation>项目</translation>
        </message>
        <message>
            <source>Note; may stay empty</source>
            <translation>说明（可不填）</translation>
        </message>
        <message>
            <source>The mean is {0} MPa short; {1} groups lie below {2} MPa.</source>
            <translation>平均值差 {0} MPa；{1} 组低于 {2} MPa。</translation>
        </message>
        <message>
            <source>{0} groups break a bound: {1}</source>
            <translation>{0} 组不满足界限：{1}</translation>
        </message>
    </context>
    <context>
        <name>Projects</name>
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
            <source>Project code or name</source>
            <translation>项目码或工程名称</translation>
        </message>
        <message>
            <source>Parties</source>
            <translation>责任单位</translation>
        </message>
        <message>
            <source>Letters of authorisation</source>
            <translation>授权书</translation>
        </message>
        <message>
            <source>Commissions</source>
            <translation>委托单</translation>
        </message>
        <message>
            <source>Received lots</source>
            <translation>已收样品</translation>
        </message>
        <message>
            <source>Records come from the provincial platform</source>
            <translation>记录来自省级平台</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message>
            <source>No project here has this code or name.</source>
            <translation>本机没有符合这个项目码或名称的工程。</translation>
        </message>
        <message>
            <source>No project yet</source>
            <translation>还没有工程项目</translation>
        </message>
        <message>
            <source>Projects come with the platform's records at the next sync.</source>
            <translation>工程项目在下次同步时随平台记录到达。</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>工程项目</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>地址</translation>
        </message>
        <message>
            <source>Units</source>
            <translation>单位工程</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>建设单位</translation>
        </message>
        <message>
            <source>Surveyor</source>
            <translation>勘察单位</translation>
        </message>
        <message>
            <source>Designer</source>
            <translation>设计单位</translation>
        </message>
        <message>
            <source>Contractor</source>
            <translation>施工单位</translation>
        </message>
        <message>
            <source>Supervisor</source>
            <translation>监理单位</translation>
        </message>
        <message>
            <source>Authority</source>
            <translation>监督机构</translation>
        </message>
        <message>
            <source>valid</source>
            <translation>有效</translation>
        </message>
        <message>
            <source>not yet valid</source>
            <translation>未生效</translation>
        </message>
        <message>
            <source>expired</source>
            <translation>已过期</translation>
        </message>
        <message>
            <source>Sampler</source>
            <translation>取样员</translation>
        </message>
        <message>
            <source>Witness</source>
            <translation>见证员</translation>
        </message>
        <message>
            <source>Project code</source>
            <translation>项目码</translation>
        </message>
        <message>
            <source>Person</source>
            <translation>姓名</translation>
        </message>
        <message>
            <source>Acts as</source>
            <translation>身份</translation>
        </message>
        <message>
            <source>Company</source>
            <translation>单位</translation>
        </message>
        <message>
            <source>Letter</source>
            <translation>授权书编号</translation>
        </message>
        <message>
            <source>Validity</source>
            <translation>有效期</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>今日</translation>
        </message>
        <message>
            <source>received</source>
            <translation>已收样</translation>
        </message>
        <message>
            <source>arrived</source>
            <translation>已下发</translation>
        </message>
        <message>
            <source>Commission</source>
            <translation>委托单</translation>
        </message>
        <message>
            <source>Unit</source>
            <translation>单位工程</translation>
        </message>
        <message>
            <source>Contents</source>
            <translation>检测内容</translation>
        </message>
        <message>
            <source>Issued</source>
            <translation>下发日期</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Sample no.</source>
            <translation>样品编号</translation>
        </message>
        <message>
            <source>Field</source>
            <translation>领域</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>工程部位</translation>
        </message>
        <message>
            <source>Pieces</source>
            <translation>件数</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>收样日期</translation>
        </message>
        <message>
            <source>Steel</source>
            <translation>钢筋</translation>
        </message>
        <message>
            <source>Concrete</source>
            <translation>混凝土</translation>
        </message>
        <message>
            <source>Materials</source>
            <translation>材料</translation>
        </message>
    </context>
</TS>
