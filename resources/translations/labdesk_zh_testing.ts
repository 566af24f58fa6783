<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Bench</name>
        <message>
            <source>End the run</source>
            <translation>中止试验</translation>
        </message>
        <message>
            <source>Back to the list</source>
            <translation>返回列表</translation>
        </message>
        <message>
            <source>Say what was found</source>
            <translation>说明试件状态</translation>
        </message>
        <message>
            <source>Measure its lot</source>
            <translation>测量该样品</translation>
        </message>
        <message>
            <source>End the run?</source>
            <translation>要中止本次试验吗？</translation>
        </message>
        <message>
            <source>It is sealed with the reason and kept; a loaded piece is not loaded again.</source>
            <translation>本次试验按所填原因封存并保留；已加载的试件不再加载。</translation>
        </message>
        <message>
            <source>Grips slip</source>
            <translation>夹具打滑</translation>
        </message>
        <message>
            <source>Wrong piece in the machine</source>
            <translation>试件放错</translation>
        </message>
        <message>
            <source>Fault of the machine</source>
            <translation>设备故障</translation>
        </message>
        <message>
            <source>Scan a label to begin</source>
            <translation>扫描试件标签即可开始</translation>
        </message>
        <message>
            <source>calibrated until {0}</source>
            <translation>检定至 {0}</translation>
        </message>
        <message>
            <source>Stored: {0}</source>
            <translation>已入库：{0}</translation>
        </message>
        <message>
            <source>What was found is stored</source>
            <translation>试件状态已记录</translation>
        </message>
        <message>
            <source>Both names stand with it. The next scan continues.</source>
            <translation>两人姓名均已记录。继续扫描即可。</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>现在不能试验</translation>
        </message>
        <message>
            <source>Scan the label first</source>
            <translation>请先扫描试件标签</translation>
        </message>
        <message>
            <source>The laboratory's label says which piece it is; the site tag confirms it.</source>
            <translation>试件标签说明是哪一件，现场标识用来核对。</translation>
        </message>
        <message>
            <source>Armed: load now</source>
            <translation>已就绪：请加载</translation>
        </message>
        <message>
            <source>{0} · {1} · everything else is right.</source>
            <translation>{0} · {1} · 其余均已核对无误。</translation>
        </message>
        <message>
            <source>Now scan its site tag</source>
            <translation>请再扫描现场标识</translation>
        </message>
        <message>
            <source>Do not load</source>
            <translation>不得加载</translation>
        </message>
        <message>
            <source>Tag received</source>
            <translation>收样时标识</translation>
        </message>
        <message>
            <source>Scanned</source>
            <translation>本次扫得</translation>
        </message>
        <message>
            <source>Another piece: do not load</source>
            <translation>不是这件试件：不得加载</translation>
        </message>
        <message>
            <source>Nothing waits for a machine</source>
            <translation>没有待上机的试件</translation>
        </message>
        <message>
            <source>What reception takes in appears here. Scan a label at any time.</source>
            <translation>收样完成的试件会出现在这里，随时可以扫描标签。</translation>
        </message>
        <message>
            <source>Run class: declared by the scan of a label, or by key</source>
            <translation>试验类别：扫标签即为正式试验，其余按键声明</translation>
        </message>
        <message>
            <source>Last run</source>
            <translation>上次试验</translation>
        </message>
        <message>
            <source>Machines · the framed one is this station's</source>
            <translation>试验机 · 加框的是本工位的设备</translation>
        </message>
        <message>
            <source>Which machine stands here? Press its number</source>
            <translation>本工位是哪台试验机？请按数字键</translation>
        </message>
        <message>
            <source>No machine is registered: the equipment page shows how</source>
            <translation>尚未登记试验机：见设备页</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试件</translation>
        </message>
        <message>
            <source>Material</source>
            <translation>材料</translation>
        </message>
        <message>
            <source>Size, mm</source>
            <translation>尺寸 mm</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>Due</source>
            <translation>应测时间</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>loaded</source>
            <translation>已加载</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>待测</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>试验编号</translation>
        </message>
        <message>
            <source>Peak</source>
            <translation>峰值</translation>
        </message>
        <message>
            <source>Stress</source>
            <translation>应力</translation>
        </message>
        <message>
            <source>End</source>
            <translation>结束</translation>
        </message>
        <message>
            <source>To look at</source>
            <translation>需查看</translation>
        </message>
        <message>
            <source>Force</source>
            <translation>力</translation>
        </message>
        <message>
            <source>Stress rate</source>
            <translation>应力速率</translation>
        </message>
        <message>
            <source>Elapsed</source>
            <translation>用时</translation>
        </message>
        <message>
            <source>The break is recognised by itself. Nothing to press.</source>
            <translation>断裂自动识别，无需操作。</translation>
        </message>
        <message>
            <source>End the run (with a reason)</source>
            <translation>中止（需填原因）</translation>
        </message>
        <message>
            <source>Extension, mm</source>
            <translation>引伸 mm</translation>
        </message>
        <message>
            <source>Displacement, mm</source>
            <translation>位移 mm</translation>
        </message>
        <message>
            <source>Time, s</source>
            <translation>时间 s</translation>
        </message>
        <message>
            <source>{0} Hz · largest gap {1} ms · bad frames {2}</source>
            <translation>采样 {0} Hz · 最大间隔 {1} ms · 坏帧 {2}</translation>
        </message>
        <message>
            <source>interrupted: a person will look at it</source>
            <translation>有中断，须人工查看</translation>
        </message>
        <message>
            <source>{0}: was it broken?</source>
            <translation>{0}：断了吗？</translation>
        </message>
        <message>
            <source>Run {0} ended without a break at {1} kN ({2}). What is captured is kept.</source>
            <translation>试验 {0} 未见断裂即告中断，中断前最大 {1} kN（{2}）。已采集的数据都在。</translation>
        </message>
        <message>
            <source>F2   Unbroken: it may go to another machine</source>
            <translation>F2   未断：可换一台设备重做</translation>
        </message>
        <message>
            <source>F3   Broken, and the peak is on the display</source>
            <translation>F3   已断，显示屏上有峰值</translation>
        </message>
        <message>
            <source>F4   Broken without a peak: lost</source>
            <translation>F4   已断，没有峰值：丢失</translation>
        </message>
        <message>
            <source>Later   Esc</source>
            <translation>稍后   Esc</translation>
        </message>
        <message>
            <source>{0}: unbroken</source>
            <translation>{0}：未断</translation>
        </message>
        <message>
            <source>{0}: peak read from the display</source>
            <translation>{0}：由显示屏读取峰值</translation>
        </message>
        <message>
            <source>{0}: lost</source>
            <translation>{0}：丢失</translation>
        </message>
        <message>
            <source>Two people confirm what they saw. It is marked everywhere.</source>
            <translation>须由两人确认所见，各处均会注明。</translation>
        </message>
        <message>
            <source>Peak as the display shows it, kN</source>
            <translation>显示屏所示峰值 kN</translation>
        </message>
        <message>
            <source>Photo of the display: drop it here, choose it or type its path</source>
            <translation>显示屏照片：拖到此处、选择文件或输入路径</translation>
        </message>
        <message>
            <source>What happened</source>
            <translation>发生了什么</translation>
        </message>
        <message>
            <source>Second person: scan the badge</source>
            <translation>第二人：请扫工牌</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>选择…</translation>
        </message>
        <message>
            <source>Back   Esc</source>
            <translation>返回   Esc</translation>
        </message>
        <message>
            <source>Go on   Enter</source>
            <translation>继续   Enter</translation>
        </message>
        <message>
            <source>Photo of the display</source>
            <translation>显示屏照片</translation>
        </message>
        <message>
            <source>PIN of the second person</source>
            <translation>请第二人输入 PIN</translation>
        </message>
        <message>
            <source>Badge {0}. With the PIN this person confirms what is written here.</source>
            <translation>工牌 {0}。输入 PIN 即确认所填内容属实。</translation>
        </message>
        <message>
            <source>Warm-up</source>
            <translation>预热</translation>
        </message>
        <message>
            <source>Intermediate check</source>
            <translation>期间核查</translation>
        </message>
        <message>
            <source>Verification</source>
            <translation>检定校准</translation>
        </message>
        <message>
            <source>Trial</source>
            <translation>试运行</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>已结束</translation>
        </message>
        <message>
            <source>Armed · load now</source>
            <translation>已就绪 · 请加载</translation>
        </message>
        <message>
            <source>Capturing · loading</source>
            <translation>采集中 · 加载</translation>
        </message>
        <message>
            <source>Break found</source>
            <translation>已识别断裂</translation>
        </message>
        <message>
            <source>Sealing</source>
            <translation>封存中</translation>
        </message>
        <message>
            <source>Unloaded without a break</source>
            <translation>未断裂即卸载</translation>
        </message>
        <message>
            <source>Ended by the operator</source>
            <translation>操作者中止</translation>
        </message>
        <message>
            <source>Time limit</source>
            <translation>超过时限</translation>
        </message>
        <message>
            <source>Line lost</source>
            <translation>线路中断</translation>
        </message>
        <message>
            <source>Capture restarted too late</source>
            <translation>采集恢复过迟</translation>
        </message>
        <message>
            <source>gap in the curve</source>
            <translation>曲线有间断</translation>
        </message>
        <message>
            <source>capture was restarted</source>
            <translation>采集程序曾重启</translation>
        </message>
        <message>
            <source>bad frames</source>
            <translation>有坏帧</translation>
        </message>
        <message>
            <source>missing frames</source>
            <translation>有缺帧</translation>
        </message>
        <message>
            <source>raw journal incomplete</source>
            <translation>原始日志不完整</translation>
        </message>
        <message>
            <source>nothing was loaded</source>
            <translation>未加载</translation>
        </message>
        <message>
            <source>no break was seen</source>
            <translation>未见断裂</translation>
        </message>
        <message>
            <source>unplugged</source>
            <translation>线缆脱落</translation>
        </message>
        <message>
            <source>no such port</source>
            <translation>端口不存在</translation>
        </message>
        <message>
            <source>port taken by another program</source>
            <translation>端口被其他程序占用</translation>
        </message>
        <message>
            <source>no permission for the port</source>
            <translation>没有端口权限</translation>
        </message>
        <message>
            <source>the machine says nothing</source>
            <translation>设备没有输出</translation>
        </message>
        <message>
            <source>unreadable data</source>
            <translation>数据无法识别</translation>
        </message>
        <message>
            <source>driver missing</source>
            <translation>缺少驱动</translation>
        </message>
        <message>
            <source>disk full or not writable</source>
            <translation>磁盘已满或不可写</translation>
        </message>
        <message>
            <source>not connected</source>
            <translation>未连接</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>connecting</source>
            <translation>连接中</translation>
        </message>
        <message>
            <source>ready</source>
            <translation>就绪</translation>
        </message>
        <message>
            <source>capturing</source>
            <translation>采集中</translation>
        </message>
        <message>
            <source>line lost</source>
            <translation>线路中断</translation>
        </message>
        <message>
            <source>fault</source>
            <translation>故障</translation>
        </message>
        <message>
            <source>weight</source>
            <translation>重量</translation>
        </message>
        <message>
            <source>tension</source>
            <translation>拉伸</translation>
        </message>
        <message>
            <source>bend</source>
            <translation>弯曲</translation>
        </message>
        <message>
            <source>reverse bend</source>
            <translation>反向弯曲</translation>
        </message>
        <message>
            <source>compression</source>
            <translation>抗压</translation>
        </message>
        <message>
            <source>Total mass, g</source>
            <translation>总质量 g</translation>
        </message>
        <message>
            <source>Length, mm</source>
            <translation>长度 mm</translation>
        </message>
        <message>
            <source>L0 mark, mm</source>
            <translation>标距 L0 mm</translation>
        </message>
        <message>
            <source>Lu after break, mm</source>
            <translation>断后 Lu mm</translation>
        </message>
        <message>
            <source>Agt mark, mm</source>
            <translation>Agt 标距 mm</translation>
        </message>
        <message>
            <source>Agt after, mm</source>
            <translation>Agt 断后 mm</translation>
        </message>
        <message>
            <source>Side a, mm</source>
            <translation>边长 a mm</translation>
        </message>
        <message>
            <source>Side b, mm</source>
            <translation>边长 b mm</translation>
        </message>
        <message>
            <source>Bend</source>
            <translation>弯曲</translation>
        </message>
        <message>
            <source>Reverse bend</source>
            <translation>反向弯曲</translation>
        </message>
        <message>
            <source>pass</source>
            <translation>合格</translation>
        </message>
        <message>
            <source>fail</source>
            <translation>不合格</translation>
        </message>
        <message>
            <source>retest</source>
            <translation>复检</translation>
        </message>
        <message>
            <source>invalid</source>
            <translation>无效</translation>
        </message>
        <message>
            <source>no verdict</source>
            <translation>不作判定</translation>
        </message>
        <message>
            <source>Force, kN</source>
            <translation>力 kN</translation>
        </message>
        <message>
            <source>The next scan continues.</source>
            <translation>继续扫描下一件即可。</translation>
        </message>
        <message>
            <source>Test run</source>
            <translation>正式试验</translation>
        </message>
        <message>
            <source>overdue</source>
            <translation>逾期</translation>
        </message>
        <message>
            <source>due today</source>
            <translation>今日到期</translation>
        </message>
        <message>
            <source>later</source>
            <translation>未到期</translation>
        </message>
        <message>
            <source>gap near the maximum or the yield</source>
            <translation>断点靠近最大力或屈服</translation>
        </message>
        <message>
            <source>too few samples a second</source>
            <translation>采样频率不足</translation>
        </message>
        <message>
            <source>the computer's clock was set</source>
            <translation>计算机时钟被改动</translation>
        </message>
        <message>
            <source>the computer slept</source>
            <translation>计算机曾休眠</translation>
        </message>
        <message>
            <source>imported, not captured by LabDesk</source>
            <translation>导入，非本系统采集</translation>
        </message>
        <message>
            <source>jitter {0} ms</source>
            <translation>抖动 {0} ms</translation>
        </message>
        <message>
            <source>too few samples a second for this test</source>
            <translation>采样频率低于本试验要求</translation>
        </message>
        <message>
            <source>rate out of band {0} %</source>
            <translation>速率超出范围 {0} %</translation>
        </message>
        <message>
            <source>{0} loads</source>
            <translation>{0} 装样</translation>
        </message>
        <message>
            <source>Take it over</source>
            <translation>接手该试件</translation>
        </message>
        <message>
            <source>Extensometer is off</source>
            <translation>引伸计已取下</translation>
        </message>
        <message>
            <source>Extensometer off at {0} kN: from here on its channel does not count.</source>
            <translation>{0} kN 时引伸计已取下：此后该通道不再计入。</translation>
        </message>
        <message>
            <source>Another person loads</source>
            <translation>他人装样</translation>
        </message>
        <message>
            <source>{0} loads no more</source>
            <translation>{0} 不再装样</translation>
        </message>
        <message>
            <source>{0}, loaded by {1}</source>
            <translation>{0}，{1} 装样</translation>
        </message>
        <message>
            <source>Operator</source>
            <translation>操作人</translation>
        </message>
        <message>
            <source>Who puts the pieces in?</source>
            <translation>由谁装样？</translation>
        </message>
        <message>
            <source>Scan the loader's badge. Both names stand with every run until this is changed.</source>
            <translation>请扫描装样人的工牌。此后每次试验都记两人姓名，直到更改。</translation>
        </message>
        <message>
            <source>stored</source>
            <translation>已入库</translation>
        </message>
        <message>
            <source>Test this piece here?</source>
            <translation>在本工位试验该试件？</translation>
        </message>
        <message>
            <source>The other station is silent. Look at the piece: only an unloaded one may be tested here.</source>
            <translation>另一工位没有消息。请查看试件：只有未加载的试件才能在此试验。</translation>
        </message>
        <message>
            <source>Station is out of order, piece not loaded</source>
            <translation>工位故障，试件未加载</translation>
        </message>
        <message>
            <source>Power was cut, piece not loaded</source>
            <translation>停电，试件未加载</translation>
        </message>
        <message>
            <source>Extensometer</source>
            <translation>引伸计</translation>
        </message>
        <message>
            <source>Crosshead</source>
            <translation>横梁位移</translation>
        </message>
        <message>
            <source>taken off at {0} kN</source>
            <translation>在 {0} kN 时取下</translation>
        </message>
        <message>
            <source>the computer at the machine does not answer</source>
            <translation>试验机旁的电脑没有应答</translation>
        </message>
        <message>
            <source>measured by hand</source>
            <translation>手工检测</translation>
        </message>
        <message>
            <source>the force stood still</source>
            <translation>力值停住不变</translation>
        </message>
        <message>
            <source>peak hold was on</source>
            <translation>峰值保持未关</translation>
        </message>
        <message>
            <source>looks unloaded, not broken</source>
            <translation>像是卸载，未破坏</translation>
        </message>
        <message>
            <source>as commissioned</source>
            <translation>委托给定</translation>
        </message>
        <message>
            <source>commissioned: {0}</source>
            <translation>委托单填写：{0}</translation>
        </message>
        <message>
            <source>Force rate</source>
            <translation>力速率</translation>
        </message>
        <message>
            <source>flexure</source>
            <translation>抗折</translation>
        </message>
        <message>
            <source>splitting</source>
            <translation>劈裂抗拉</translation>
        </message>
        <message>
            <source>weld shear</source>
            <translation>焊点抗剪</translation>
        </message>
        <message>
            <source>the peak is a single reading</source>
            <translation>最大力只有一个读数</translation>
        </message>
    </context>
    <context>
        <name>Curves</name>
        <message>
            <source>compare</source>
            <translation>对比</translation>
        </message>
        <message>
            <source>replay {0}×</source>
            <translation>回放 {0}×</translation>
        </message>
        <message>
            <source>speed</source>
            <translation>倍速</translation>
        </message>
        <message>
            <source>axis</source>
            <translation>横轴</translation>
        </message>
        <message>
            <source>export</source>
            <translation>导出</translation>
        </message>
        <message>
            <source>search</source>
            <translation>搜索</translation>
        </message>
        <message>
            <source>Run, specimen, lot, machine or operator; several words narrow it down</source>
            <translation>试验编号、试件、样品组、设备或操作人；多个词可缩小范围</translation>
        </message>
        <message>
            <source>No run is found</source>
            <translation>没有找到试验</translation>
        </message>
        <message>
            <source>Every loading at a machine appears here, whatever became of it.</source>
            <translation>设备上的每一次加载都会出现在这里，无论结果如何。</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试件</translation>
        </message>
        <message>
            <source>Peak, kN</source>
            <translation>峰值 kN</translation>
        </message>
        <message>
            <source>Day</source>
            <translation>日期</translation>
        </message>
        <message>
            <source>At most {0} curves at a time: take one away first (Space).</source>
            <translation>最多同时对比 {0} 条曲线：请先取消一条（空格）。</translation>
        </message>
        <message>
            <source>{0}: {1} files are in {2}.</source>
            <translation>{0}：{1} 个文件已保存到 {2}。</translation>
        </message>
        <message>
            <source>Its raw bytes are not on this computer.</source>
            <translation>其原始数据不在这台计算机上。</translation>
        </message>
        <message>
            <source>Time, s</source>
            <translation>时间 s</translation>
        </message>
        <message>
            <source>Extension, mm</source>
            <translation>伸长 mm</translation>
        </message>
        <message>
            <source>Displacement, mm</source>
            <translation>位移 mm</translation>
        </message>
        <message>
            <source>Force, kN</source>
            <translation>力 kN</translation>
        </message>
    </context>
    <context>
        <name>Marks</name>
        <message>
            <source>{0}: why are marks moved?</source>
            <translation>{0}：为什么移动标记？</translation>
        </message>
        <message>
            <source>The earlier evaluation and the automatic values stay on record.</source>
            <translation>原来的评定和自动值都保留在记录里。</translation>
        </message>
        <message>
            <source>The grips slipped</source>
            <translation>夹具打滑</translation>
        </message>
        <message>
            <source>A shock was taken for the yield point</source>
            <translation>冲击被当成了屈服点</translation>
        </message>
        <message>
            <source>The automatic mark is right after all</source>
            <translation>自动标记其实是对的</translation>
        </message>
        <message>
            <source>{0}: marks by hand ({1} of {2})</source>
            <translation>{0}：人工标记（第 {1} 根，共 {2} 根）</translation>
        </message>
        <message>
            <source>Reason so far: {0}</source>
            <translation>已有原因：{0}</translation>
        </message>
        <message>
            <source>1–{0} choose a mark · ← → one sample · Shift+← → ten · or click on the curve · Del automatic again · PgUp PgDn other bar · Enter store · Esc leave without change</source>
            <translation>1–{0} 选标记 · ← → 移一个采样点 · Shift+← → 移十个 · 也可点曲线 · Del 恢复自动 · PgUp PgDn 换一根 · 回车保存 · Esc 不改并离开</translation>
        </message>
        <message>
            <source>Time, s</source>
            <translation>时间 s</translation>
        </message>
        <message>
            <source>Force, kN</source>
            <translation>力 kN</translation>
        </message>
        <message>
            <source>{0}: automatic {1} {2}</source>
            <translation>{0}：自动 {1} {2}</translation>
        </message>
        <message>
            <source>{0}: automatic {1}, by hand {2} {3} at {4} s</source>
            <translation>{0}：自动 {1}，人工 {2} {3}，位于 {4} s</translation>
        </message>
        <message>
            <source>{0} automatic</source>
            <translation>{0} 自动</translation>
        </message>
        <message>
            <source>{0} by hand</source>
            <translation>{0} 人工</translation>
        </message>
        <message>
            <source>Store this bar's marks first (Enter), or leave without change (Esc).</source>
            <translation>请先保存这一根的标记（回车），或不改并离开（Esc）。</translation>
        </message>
        <message>
            <source>No mark was moved.</source>
            <translation>没有移动任何标记。</translation>
        </message>
        <message>
            <source>Mark</source>
            <translation>标记</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>By hand</source>
            <translation>人工</translation>
        </message>
    </context>
    <context>
        <name>Measure</name>
        <message>
            <source>Why is the value corrected?</source>
            <translation>为什么更正？</translation>
        </message>
        <message>
            <source>{0} · {1}: {2} becomes {3}. The old value stays on record.</source>
            <translation>{0} · {1}：{2} 改为 {3}。原值保留在记录中。</translation>
        </message>
        <message>
            <source>Misread</source>
            <translation>读错</translation>
        </message>
        <message>
            <source>Mistyped</source>
            <translation>录错</translation>
        </message>
        <message>
            <source>Measured again</source>
            <translation>重新测量</translation>
        </message>
        <message>
            <source>Why evaluate again?</source>
            <translation>为什么重新评定？</translation>
        </message>
        <message>
            <source>The earlier evaluation stays; this one stands beside it.</source>
            <translation>原评定保留，新评定并列存档。</translation>
        </message>
        <message>
            <source>A value was corrected</source>
            <translation>更正了数值</translation>
        </message>
        <message>
            <source>A run was replaced</source>
            <translation>更换了试件</translation>
        </message>
        <message>
            <source>Number, material, grade or label; Enter opens the first</source>
            <translation>编号、材料、牌号或标签；Enter 打开第一个</translation>
        </message>
        <message>
            <source>No lot is being tested</source>
            <translation>没有正在检测的样品</translation>
        </message>
        <message>
            <source>What reception takes in appears here. Scan a label to open its lot.</source>
            <translation>收样完成的样品会出现在这里。扫描标签即可打开。</translation>
        </message>
        <message>
            <source>Measured by hand · kept exactly as typed</source>
            <translation>手工测量 · 按所输入原样保存</translation>
        </message>
        <message>
            <source>Loadings · F8 declares the selected one invalid</source>
            <translation>加载记录 · F8 将所选试验判为无效</translation>
        </message>
        <message>
            <source>Lots in work</source>
            <translation>在检样品</translation>
        </message>
        <message>
            <source>Scan a label to open its lot</source>
            <translation>扫描标签即可打开样品</translation>
        </message>
        <message>
            <source>{0} of {1} loaded · {2} things missing</source>
            <translation>已加载 {0} / {1} · 还缺 {2} 项</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>测量</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>结果</translation>
        </message>
        <message>
            <source>Run invalid</source>
            <translation>判为无效</translation>
        </message>
        <message>
            <source>Evaluate</source>
            <translation>评定</translation>
        </message>
        <message>
            <source>Submit for signing</source>
            <translation>提交签字</translation>
        </message>
        <message>
            <source>All lots</source>
            <translation>全部样品</translation>
        </message>
        <message>
            <source>to be measured</source>
            <translation>待测量</translation>
        </message>
        <message>
            <source>testing</source>
            <translation>检测中</translation>
        </message>
        <message>
            <source>Lot</source>
            <translation>样品</translation>
        </message>
        <message>
            <source>Material</source>
            <translation>材料</translation>
        </message>
        <message>
            <source>Grade</source>
            <translation>牌号等级</translation>
        </message>
        <message>
            <source>Size, mm</source>
            <translation>尺寸 mm</translation>
        </message>
        <message>
            <source>Due</source>
            <translation>应测时间</translation>
        </message>
        <message>
            <source>Loaded</source>
            <translation>已加载</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Still missing ({0})</source>
            <translation>还缺（{0} 项）</translation>
        </message>
        <message>
            <source>Remarks</source>
            <translation>说明</translation>
        </message>
        <message>
            <source>whole lot</source>
            <translation>整批</translation>
        </message>
        <message>
            <source>{0} things are missing</source>
            <translation>还缺 {0} 项</translation>
        </message>
        <message>
            <source>Everything is there</source>
            <translation>数据齐全</translation>
        </message>
        <message>
            <source>F10 evaluates the lot.</source>
            <translation>按 F10 评定。</translation>
        </message>
        <message>
            <source>Pass</source>
            <translation>合格</translation>
        </message>
        <message>
            <source>Retest: the client decides</source>
            <translation>须复检：由委托方决定</translation>
        </message>
        <message>
            <source>Invalid</source>
            <translation>无效</translation>
        </message>
        <message>
            <source>Values without a verdict</source>
            <translation>有结果，不作判定</translation>
        </message>
        <message>
            <source>{0} · by {1}</source>
            <translation>{0} · 依据 {1}</translation>
        </message>
        <message>
            <source>Specimen</source>
            <translation>试件</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>项目</translation>
        </message>
        <message>
            <source>Raw</source>
            <translation>原始值</translation>
        </message>
        <message>
            <source>Rounded</source>
            <translation>修约值</translation>
        </message>
        <message>
            <source>Limit</source>
            <translation>限值</translation>
        </message>
        <message>
            <source>Verdict</source>
            <translation>判定</translation>
        </message>
        <message>
            <source>Clause</source>
            <translation>条款</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>试验编号</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Peak, kN</source>
            <translation>峰值 kN</translation>
        </message>
        <message>
            <source>End</source>
            <translation>结束</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>原因</translation>
        </message>
        <message>
            <source>counts</source>
            <translation>计入</translation>
        </message>
        <message>
            <source>invalid</source>
            <translation>无效</translation>
        </message>
        <message>
            <source>not loaded</source>
            <translation>未加载</translation>
        </message>
        <message>
            <source>what was found?</source>
            <translation>试件状态？</translation>
        </message>
        <message>
            <source>was unbroken</source>
            <translation>未断</translation>
        </message>
        <message>
            <source>reading, no curve</source>
            <translation>读数，无曲线</translation>
        </message>
        <message>
            <source>lost</source>
            <translation>丢失</translation>
        </message>
        <message>
            <source>{0} · replaced by {1}</source>
            <translation>{0} · 由 {1} 替换</translation>
        </message>
        <message>
            <source>{0}: which spare takes its place?</source>
            <translation>{0}：由哪块备用试件替换？</translation>
        </message>
        <message>
            <source>Press its digit, then Enter. The run is kept and marked invalid.</source>
            <translation>按数字后 Enter。原试验保留并标为无效。</translation>
        </message>
        <message>
            <source>None</source>
            <translation>不替换</translation>
        </message>
        <message>
            <source>{0}: why is the run invalid?</source>
            <translation>{0}：为什么无效？</translation>
        </message>
        <message>
            <source>Replaced by {0}.</source>
            <translation>由 {0} 替换。</translation>
        </message>
        <message>
            <source>Nothing takes its place: the lot stays incomplete.</source>
            <translation>没有试件替换：该批保持不完整。</translation>
        </message>
        <message>
            <source>Broke at the grip</source>
            <translation>断于夹具</translation>
        </message>
        <message>
            <source>Fault of the machine</source>
            <translation>设备故障</translation>
        </message>
        <message>
            <source>Piece was placed wrongly</source>
            <translation>试件放置不当</translation>
        </message>
        <message>
            <source>{0} of {1} loaded · nothing missing</source>
            <translation>已加载 {0} / {1} · 数据齐全</translation>
        </message>
        <message>
            <source>Fail: queued for the platform</source>
            <translation>不合格：已列入上报</translation>
        </message>
        <message>
            <source>Move marks</source>
            <translation>移动标记</translation>
        </message>
        <message>
            <source>Gap in a curve</source>
            <translation>曲线中断</translation>
        </message>
        <message>
            <source>gap, not counted</source>
            <translation>中断，不计入</translation>
        </message>
        <message>
            <source>Result so far · stored only by F10</source>
            <translation>即时结果 · 按 F10 才保存评定</translation>
        </message>
        <message>
            <source>By {0}</source>
            <translation>依据 {0}</translation>
        </message>
        <message>
            <source>Stored so.</source>
            <translation>已按此保存。</translation>
        </message>
        <message>
            <source>Not stored yet.</source>
            <translation>尚未保存。</translation>
        </message>
        <message>
            <source>{0} more</source>
            <translation>另缺 {0} 项</translation>
        </message>
        <message>
            <source>{0} things missing</source>
            <translation>还缺 {0} 项</translation>
        </message>
        <message>
            <source>nothing missing</source>
            <translation>不缺项</translation>
        </message>
    </context>
</TS>
