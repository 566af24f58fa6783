<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Reception</name>
        <message>
            <source>search</source>
            <translation>查找</translation>
        </message>
        <message>
            <source>read again</source>
            <translation>重新读取</translation>
        </message>
        <message>
            <source>looked sound</source>
            <translation>外观完好</translation>
        </message>
        <message>
            <source>tag damaged</source>
            <translation>标识破损</translation>
        </message>
        <message>
            <source>piece damaged</source>
            <translation>样品破损</translation>
        </message>
        <message>
            <source>refuse</source>
            <translation>拒收</translation>
        </message>
        <message>
            <source>papers are here</source>
            <translation>资料已补齐</translation>
        </message>
        <message>
            <source>hold for a paper</source>
            <translation>暂存待补</translation>
        </message>
        <message>
            <source>complete</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>not here</source>
            <translation>未送来</translation>
        </message>
        <message>
            <source>slip</source>
            <translation>拒收单</translation>
        </message>
        <message>
            <source>photos</source>
            <translation>影像</translation>
        </message>
        <message>
            <source>back</source>
            <translation>返回</translation>
        </message>
        <message>
            <source>Choose the row of the piece with ↑ ↓ first.</source>
            <translation>请先用 ↑ ↓ 选中这一件所在的行。</translation>
        </message>
        <message>
            <source>Are the missing papers here?</source>
            <translation>缺少的资料都补齐了吗？</translation>
        </message>
        <message>
            <source>Tick every paper that lies on the counter now; then the reception goes on.</source>
            <translation>逐份勾选现在放在柜台上的资料，全部到齐后继续收样。</translation>
        </message>
        <message>
            <source>Which paper is missing?</source>
            <translation>缺少哪份资料？</translation>
        </message>
        <message>
            <source>The commission waits without a number until the deadline of the region's rules.</source>
            <translation>委托单不编号，暂存等待，期限按地区规则。</translation>
        </message>
        <message>
            <source>Which papers lie here?</source>
            <translation>随样资料有哪些？</translation>
        </message>
        <message>
            <source>Tick what came with the samples. If one is missing, press Esc and hold with F9.</source>
            <translation>勾选随样送来的资料。缺少的请按 Esc 返回，再按 F9 暂存待补。</translation>
        </message>
        <message>
            <source>arrived {0}</source>
            <translation>{0} 下发</translation>
        </message>
        <message>
            <source>on hold until {0}</source>
            <translation>暂存至 {0}</translation>
        </message>
        <message>
            <source>Commission</source>
            <translation>委托单</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>工程项目</translation>
        </message>
        <message>
            <source>Contents</source>
            <translation>检测内容</translation>
        </message>
        <message>
            <source>Pieces</source>
            <translation>件数</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Number of the commission or name of the project</source>
            <translation>委托单编号或工程名称</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message>
            <source>No open commission has these words. Finished ones open by scanning their code.</source>
            <translation>待收样的委托单里没有符合的。已完成的委托单，扫描其二维码即可打开。</translation>
        </message>
        <message>
            <source>No commission waits</source>
            <translation>没有待收样的委托单</translation>
        </message>
        <message>
            <source>Commissions appear here as soon as the platform sends them. Scan one to open it.</source>
            <translation>平台下发委托单后会出现在这里。扫描委托单二维码即可打开。</translation>
        </message>
        <message>
            <source>Receipt</source>
            <translation>收样回执</translation>
        </message>
        <message>
            <source>{0} labels</source>
            <translation>{0} 张标签</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>试件标签</translation>
        </message>
        <message>
            <source>lot {0}</source>
            <translation>第 {0} 批</translation>
        </message>
        <message>
            <source>Rejection slip</source>
            <translation>拒收单</translation>
        </message>
        <message>
            <source>{0} + {1} spare</source>
            <translation>{0} + 备用 {1}</translation>
        </message>
        <message>
            <source>as soon as possible</source>
            <translation>尽快</translation>
        </message>
        <message>
            <source>Sample no.</source>
            <translation>样品编号</translation>
        </message>
        <message>
            <source>Material</source>
            <translation>材料</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>工程部位</translation>
        </message>
        <message>
            <source>To test</source>
            <translation>待检日期</translation>
        </message>
        <message>
            <source>Key</source>
            <translation>按键</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>资料</translation>
        </message>
        <message>
            <source>Number</source>
            <translation>编号</translation>
        </message>
        <message>
            <source>Answer the question on the screen first, then scan again.</source>
            <translation>请先回答屏幕上的问题，再重新扫码。</translation>
        </message>
        <message>
            <source>Scan the commission first, then its tags.</source>
            <translation>请先扫描委托单，再扫描样品标识。</translation>
        </message>
        <message>
            <source>Scan a commission's code to open it</source>
            <translation>扫描委托单二维码即可打开</translation>
        </message>
        <message>
            <source>Commission {0}</source>
            <translation>委托单 {0}</translation>
        </message>
        <message>
            <source>Scan any code to go on · no click needed</source>
            <translation>扫描任何二维码即可继续 · 无需点击</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>唯一性标识</translation>
        </message>
        <message>
            <source>Specification</source>
            <translation>规格</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>核验</translation>
        </message>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
        <message>
            <source>Confirm   Enter</source>
            <translation>确认   Enter</translation>
        </message>
        <message>
            <source>not here yet</source>
            <translation>尚未到达</translation>
        </message>
        <message>
            <source>Photos of sampling · {0} · P</source>
            <translation>取样影像 · {0} 张 · P</translation>
        </message>
        <message>
            <source>Project code</source>
            <translation>项目码</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>建设单位</translation>
        </message>
        <message>
            <source>Contractor</source>
            <translation>施工单位</translation>
        </message>
        <message>
            <source>supervision sampling</source>
            <translation>监督抽检</translation>
        </message>
        <message>
            <source>not commissioning</source>
            <translation>非委托方</translation>
        </message>
        <message>
            <source>{0} min</source>
            <translation>{0} 分钟</translation>
        </message>
        <message>
            <source>within range</source>
            <translation>范围内</translation>
        </message>
        <message>
            <source>{0} m from the site</source>
            <translation>距工地 {0} m</translation>
        </message>
        <message>
            <source>Sampled</source>
            <translation>取样时间</translation>
        </message>
        <message>
            <source>Witnessed</source>
            <translation>见证完成</translation>
        </message>
        <message>
            <source>Position</source>
            <translation>取样位置</translation>
        </message>
        <message>
            <source>checked</source>
            <translation>已核验</translation>
        </message>
        <message>
            <source>missing: {0} · until {1}</source>
            <translation>缺少：{0} · 期限 {1}</translation>
        </message>
        <message>
            <source>On hold: no number, no test</source>
            <translation>暂存待补：不编号，不检测</translation>
        </message>
        <message>
            <source>tag and piece looked sound</source>
            <translation>标识和样品外观完好</translation>
        </message>
        <message>
            <source>Scan its tag</source>
            <translation>请扫描标识</translation>
        </message>
        <message>
            <source>Tag damaged: which piece?</source>
            <translation>标识破损：是哪一件？</translation>
        </message>
        <message>
            <source>Piece damaged: which one?</source>
            <translation>样品破损：是哪一件？</translation>
        </message>
        <message>
            <source>Scan its tag, or choose its row with ↑ ↓ and press Enter. Esc takes it back.</source>
            <translation>扫描它的标识，或用 ↑ ↓ 选中所在行后按 Enter。按 Esc 取消。</translation>
        </message>
        <message>
            <source>Everything is judged</source>
            <translation>全部核验完毕</translation>
        </message>
        <message>
            <source>F10 completes the reception.</source>
            <translation>按 F10 完成收样。</translation>
        </message>
        <message>
            <source>Look at tag and piece. Both sound: Space, then scan the tag.</source>
            <translation>先查看标识和样品，都完好按空格，再扫描标识。</translation>
        </message>
        <message>
            <source>Look first, then scan</source>
            <translation>先看后扫</translation>
        </message>
        <message>
            <source>Space: tag and piece are sound. F6: tag damaged. F7: piece damaged. Then scan again.</source>
            <translation>空格：标识和样品完好；F6：标识破损；F7：样品破损。然后重新扫描。</translation>
        </message>
        <message>
            <source>Noted: not here</source>
            <translation>已记录：未送来</translation>
        </message>
        <message>
            <source>The piece scanned before does not match. Refuse it, or say that it was a mis-scan.</source>
            <translation>刚才扫描的不一致。请拒收，或说明是扫错了。</translation>
        </message>
        <message>
            <source>Decide first, then scan on</source>
            <translation>请先处理，再继续扫描</translation>
        </message>
        <message>
            <source>Lot refused: {0}</source>
            <translation>整批已拒收：{0}</translation>
        </message>
        <message>
            <source>Refused: {0}</source>
            <translation>已拒收：{0}</translation>
        </message>
        <message>
            <source>S opens the slip to print it</source>
            <translation>按 S 打开拒收单打印</translation>
        </message>
        <message>
            <source>Not taken</source>
            <translation>未采用</translation>
        </message>
        <message>
            <source>Nothing was received. Give the samples back with their slips.</source>
            <translation>没有收下任何样品。请把样品连同拒收单退还送样人。</translation>
        </message>
        <message>
            <source>Everything was refused</source>
            <translation>全部拒收</translation>
        </message>
        <message>
            <source>{0} · receipt {1}</source>
            <translation>{0} · 回执 {1}</translation>
        </message>
        <message>
            <source>received</source>
            <translation>已收样</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>收样完成</translation>
        </message>
        <message>
            <source>piece {0}</source>
            <translation>试件 {0}</translation>
        </message>
        <message>
            <source>spare</source>
            <translation>备用</translation>
        </message>
        <message>
            <source>tag {0}</source>
            <translation>标识 {0}</translation>
        </message>
        <message>
            <source>this order</source>
            <translation>本单</translation>
        </message>
        <message>
            <source>expected</source>
            <translation>应为</translation>
        </message>
        <message>
            <source>scanned</source>
            <translation>扫得</translation>
        </message>
        <message>
            <source>found</source>
            <translation>实为</translation>
        </message>
        <message>
            <source>Refuse</source>
            <translation>拒收</translation>
        </message>
        <message>
            <source>Mis-scan</source>
            <translation>扫错了，重扫</translation>
        </message>
        <message>
            <source>match</source>
            <translation>一致</translation>
        </message>
        <message>
            <source>witnessed {0}</source>
            <translation>见证 {0}</translation>
        </message>
        <message>
            <source>sampler not authorised</source>
            <translation>取样员未授权</translation>
        </message>
        <message>
            <source>witness not authorised</source>
            <translation>见证员未授权</translation>
        </message>
        <message>
            <source>sampler = witness</source>
            <translation>取样见证同一人</translation>
        </message>
        <message>
            <source>not by the client</source>
            <translation>非建设单位委托</translation>
        </message>
        <message>
            <source>tag void</source>
            <translation>标识作废</translation>
        </message>
        <message>
            <source>received before</source>
            <translation>已收过</translation>
        </message>
        <message>
            <source>to scan</source>
            <translation>待扫</translation>
        </message>
        <message>
            <source>refused {0}</source>
            <translation>已拒收 {0}</translation>
        </message>
        <message>
            <source>Ordered by</source>
            <translation>委托方</translation>
        </message>
        <message>
            <source>Sampling</source>
            <translation>取样 / 见证</translation>
        </message>
        <message>
            <source>Lot {0}</source>
            <translation>第 {0} 批</translation>
        </message>
        <message>
            <source>orders</source>
            <translation>委托方</translation>
        </message>
    </context>
</TS>
