<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>FirstStart</name>
        <message>
            <source>Laboratory</source>
            <translation>检测机构名称</translation>
        </message>
        <message>
            <source>Number at the platform</source>
            <translation>平台机构编号</translation>
        </message>
        <message>
            <source>Qualification certificate</source>
            <translation>资质证书编号</translation>
        </message>
        <message>
            <source>CMA certificate</source>
            <translation>CMA 证书编号</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>地址</translation>
        </message>
        <message>
            <source>Telephone</source>
            <translation>电话</translation>
        </message>
        <message>
            <source>Real name</source>
            <translation>真实姓名</translation>
        </message>
        <message>
            <source>Badge number (scan it)</source>
            <translation>工牌号（可直接扫描）</translation>
        </message>
        <message>
            <source>PIN, 4 to 8 digits</source>
            <translation>PIN，4 至 8 位数字</translation>
        </message>
        <message>
            <source>PIN again</source>
            <translation>再次输入 PIN</translation>
        </message>
        <message>
            <source>Password, at least 10 characters</source>
            <translation>密码，至少 10 个字符</translation>
        </message>
        <message>
            <source>Password again</source>
            <translation>再次输入密码</translation>
        </message>
        <message>
            <source>Step {0} of {1}</source>
            <translation>第 {0} 步，共 {1} 步</translation>
        </message>
        <message>
            <source>Your laboratory</source>
            <translation>检测机构</translation>
        </message>
        <message>
            <source>Its administrator</source>
            <translation>系统管理员</translation>
        </message>
        <message>
            <source>Secrets of the administrator</source>
            <translation>管理员的 PIN 和密码</translation>
        </message>
        <message>
            <source>As on the certificates; reports print it.</source>
            <translation>与资质证书一致，将印在报告上。</translation>
        </message>
        <message>
            <source>This person adds all the others. Scan the badge or type its number.</source>
            <translation>由管理员添加其他人员。请扫描工牌，或输入工牌号。</translation>
        </message>
        <message>
            <source>The PIN goes with the badge, the password with the name.</source>
            <translation>PIN 配工牌使用，密码配姓名使用。</translation>
        </message>
        <message>
            <source> (optional)</source>
            <translation>（选填）</translation>
        </message>
        <message>
            <source>Back   Esc</source>
            <translation>返回   Esc</translation>
        </message>
        <message>
            <source>Create   Enter</source>
            <translation>创建   Enter</translation>
        </message>
        <message>
            <source>Next   Enter</source>
            <translation>下一步   Enter</translation>
        </message>
        <message>
            <source>The PIN must be 4 to 8 digits.</source>
            <translation>PIN 必须是 4 至 8 位数字。</translation>
        </message>
        <message>
            <source>The two PINs differ.</source>
            <translation>两次输入的 PIN 不一致。</translation>
        </message>
        <message>
            <source>The password must have at least 10 characters.</source>
            <translation>密码至少需要 10 个字符。</translation>
        </message>
        <message>
            <source>The two passwords differ.</source>
            <translation>两次输入的密码不一致。</translation>
        </message>
        <message>
            <source>{0}: still empty.</source>
            <translation>{0}：还没有填写。</translation>
        </message>
    </context>
    <context>
        <name>Help</name>
        <message>
            <source>Nothing happens when I scan</source>
            <translation>扫码没有反应</translation>
        </message>
        <message>
            <source>A Chinese input method swallowed characters. Switch to an English keyboard (Shift) and scan again, or connect the scanner as a serial device, where this cannot happen.</source>
            <translation>中文输入法吃掉了字符。请切换到英文输入（按 Shift）后重扫；或把扫码枪改为串口方式连接，就不会再发生。</translation>
        </message>
        <message>
            <source>The platform is offline</source>
            <translation>平台离线</translation>
        </message>
        <message>
            <source>Go on working. Everything waits safely on this computer and is sent by itself; the status bar shows how much waits.</source>
            <translation>照常工作。所有数据都安全地保存在本机，恢复后自动上传；状态栏显示待传条数。</translation>
        </message>
        <message>
            <source>The program or the power failed during a test</source>
            <translation>试验中程序退出或断电</translation>
        </message>
        <message>
            <source>Start LabDesk again and scan the specimen: the samples captured so far were kept. Do not load it again before the page says what to do.</source>
            <translation>重新启动 LabDesk 并扫描试件：已采集的数据都在。页面给出提示之前，不要再次加载。</translation>
        </message>
        <message>
            <source>Somebody else continues here</source>
            <translation>换人操作</translation>
        </message>
        <message>
            <source>Scan the other badge on any page and type the PIN. The page stays as it is.</source>
            <translation>在任何页面扫描另一人的工牌并输入 PIN，当前页面保持不变。</translation>
        </message>
        <message>
            <source>Keys of the page before</source>
            <translation>前一页面的按键</translation>
        </message>
        <message>
            <source>Keys everywhere</source>
            <translation>任何页面可用的按键</translation>
        </message>
        <message>
            <source>What to do when …</source>
            <translation>遇到问题怎么办</translation>
        </message>
        <message>
            <source>This help</source>
            <translation>本帮助</translation>
        </message>
        <message>
            <source>Chinese / English</source>
            <translation>中文 / English</translation>
        </message>
        <message>
            <source>Light / dark</source>
            <translation>浅色 / 深色</translation>
        </message>
        <message>
            <source>Sign out</source>
            <translation>退出登录</translation>
        </message>
        <message>
            <source>The LabDesk window must be in front. If the status bar says Scanner lost, unplug the scanner and plug it in again; work continues by itself.</source>
            <translation>LabDesk 窗口须在最前。如果状态栏显示“扫码枪 断开”，请拔下扫码枪再插上，程序会自动继续。</translation>
        </message>
        <message>
            <source>I am told that the scan is incomplete</source>
            <translation>提示“扫码不完整”</translation>
        </message>
    </context>
    <context>
        <name>Keys</name>
        <message>
            <source>Space</source>
            <translation>空格</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>回车</translation>
        </message>
    </context>
    <context>
        <name>Notices</name>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>PinSheet</name>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
    </context>
    <context>
        <name>Poster</name>
        <message>
            <source>From the tag on the sample to a report that proves itself.</source>
            <translation>从样品上的标识，到能自证真伪的报告。</translation>
        </message>
        <message>
            <source>Chinese / English   Ctrl+L</source>
            <translation>中文 / English   Ctrl+L</translation>
        </message>
        <message>
            <source>Light / dark   Ctrl+D</source>
            <translation>浅色 / 深色   Ctrl+D</translation>
        </message>
    </context>
    <context>
        <name>Rail</name>
        <message>
            <source>Help</source>
            <translation>帮助</translation>
        </message>
        <message>
            <source>Chinese / English</source>
            <translation>中文 / English</translation>
        </message>
        <message>
            <source>Light / dark</source>
            <translation>浅色 / 深色</translation>
        </message>
        <message>
            <source>Sign out</source>
            <translation>退出登录</translation>
        </message>
    </context>
    <context>
        <name>ReasonSheet</name>
        <message>
            <source>Reason</source>
            <translation>原因</translation>
        </message>
        <message>
            <source>Confirm   Enter</source>
            <translation>确定   Enter</translation>
        </message>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
    </context>
    <context>
        <name>Roles</name>
        <message>
            <source>Reception</source>
            <translation>收样员</translation>
        </message>
        <message>
            <source>Technician</source>
            <translation>检测员</translation>
        </message>
        <message>
            <source>Checker</source>
            <translation>校核人</translation>
        </message>
        <message>
            <source>Reviewer</source>
            <translation>审核人</translation>
        </message>
        <message>
            <source>Authorised signatory</source>
            <translation>授权签字人</translation>
        </message>
        <message>
            <source>Quality manager</source>
            <translation>质量负责人</translation>
        </message>
        <message>
            <source>Administrator</source>
            <translation>系统管理员</translation>
        </message>
    </context>
    <context>
        <name>SignIn</name>
        <message>
            <source>Scan your badge</source>
            <translation>请扫描工牌</translation>
        </message>
        <message>
            <source>Enter your PIN</source>
            <translation>请输入 PIN</translation>
        </message>
        <message>
            <source>Name and password</source>
            <translation>姓名和密码登录</translation>
        </message>
        <message>
            <source>The PIN follows. No click is needed.</source>
            <translation>随后输入 PIN，无需点击。</translation>
        </message>
        <message>
            <source>Badge {0}. Type the digits, then Enter.</source>
            <translation>工牌 {0}。输入数字后按 Enter。</translation>
        </message>
        <message>
            <source>For whoever has no badge at hand.</source>
            <translation>没有带工牌时使用。</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>姓名</translation>
        </message>
        <message>
            <source>Password</source>
            <translation>密码</translation>
        </message>
        <message>
            <source>Sign in   Enter</source>
            <translation>登录   Enter</translation>
        </message>
        <message>
            <source>Name and password   F2</source>
            <translation>用姓名和密码登录   F2</translation>
        </message>
        <message>
            <source>Back   Esc</source>
            <translation>返回   Esc</translation>
        </message>
        <message>
            <source>Here last</source>
            <translation>最近登录</translation>
        </message>
    </context>
    <context>
        <name>Stages</name>
        <message>
            <source>Reception</source>
            <translation>收样</translation>
        </message>
        <message>
            <source>Testing</source>
            <translation>检测</translation>
        </message>
        <message>
            <source>Samples</source>
            <translation>样品</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>审核</translation>
        </message>
        <message>
            <source>Reports</source>
            <translation>报告</translation>
        </message>
        <message>
            <source>Projects</source>
            <translation>项目</translation>
        </message>
        <message>
            <source>Equipment</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Sync</source>
            <translation>上报</translation>
        </message>
        <message>
            <source>People</source>
            <translation>人员</translation>
        </message>
        <message>
            <source>Curves</source>
            <translation>曲线</translation>
        </message>
        <message>
            <source>Methods</source>
            <translation>方法</translation>
        </message>
    </context>
    <context>
        <name>StatusLine</name>
        <message>
            <source>Scanner connected</source>
            <translation>扫码枪 已连接</translation>
        </message>
        <message>
            <source>Scanner connecting</source>
            <translation>扫码枪 连接中</translation>
        </message>
        <message>
            <source>Scanner lost</source>
            <translation>扫码枪 断开</translation>
        </message>
        <message>
            <source>Keyboard scanner</source>
            <translation>扫码枪 键盘方式</translation>
        </message>
        <message>
            <source>Machines {0} / {1}</source>
            <translation>设备 {0} / {1}</translation>
        </message>
        <message>
            <source>Platform online</source>
            <translation>平台 在线</translation>
        </message>
        <message>
            <source>Platform offline</source>
            <translation>平台 离线</translation>
        </message>
        <message>
            <source>{0} waiting</source>
            <translation>{0} 条待传</translation>
        </message>
        <message>
            <source>{0} need a person</source>
            <translation>{0} 条需处理</translation>
        </message>
        <message>
            <source>oldest {0}</source>
            <translation>最早 {0}</translation>
        </message>
        <message>
            <source>synced {0}</source>
            <translation>{0} 同步</translation>
        </message>
        <message>
            <source>{0} (work goes on)</source>
            <translation>{0}（照常工作）</translation>
        </message>
    </context>
</TS>
