<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
    <context>
        <name>Staff</name>
        <message>
            <source>{0} works here again.</source>
            <translation>{0} 已恢复在岗。</translation>
        </message>
        <message>
            <source>The PIN goes with the badge, the password with the name.</source>
            <translation>PIN 配合工牌使用，密码配合姓名使用。</translation>
        </message>
        <message>
            <source>Register a person</source>
            <translation>登记人员</translation>
        </message>
        <message>
            <source>Every version stays on record; authorisations that have ended stay too.</source>
            <translation>每次更改均留存记录；已到期的授权也保留。</translation>
        </message>
        <message>
            <source>A lock after wrong entries ends. Without a new password the old one stays.</source>
            <translation>输错造成的锁定随之解除。不填新密码则原密码不变。</translation>
        </message>
        <message>
            <source>New PIN of {0}</source>
            <translation>{0} 的新 PIN</translation>
        </message>
        <message>
            <source>{0} leaves: why?</source>
            <translation>{0} 离岗：原因？</translation>
        </message>
        <message>
            <source>The person stays on record and can neither sign in nor sign.</source>
            <translation>人员记录保留，但不能再登录和签名。</translation>
        </message>
        <message>
            <source>Left the laboratory</source>
            <translation>离职</translation>
        </message>
        <message>
            <source>Moved to other work</source>
            <translation>调离岗位</translation>
        </message>
        <message>
            <source>Authorisation withdrawn</source>
            <translation>撤销授权</translation>
        </message>
        <message>
            <source>{0} has left and stays on record.</source>
            <translation>{0} 已离岗，记录保留。</translation>
        </message>
        <message>
            <source>{0} is stored.</source>
            <translation>{0} 已保存。</translation>
        </message>
        <message>
            <source>Save   Enter</source>
            <translation>保存   Enter</translation>
        </message>
        <message>
            <source>Cancel   Esc</source>
            <translation>取消   Esc</translation>
        </message>
        <message>
            <source>Roles (Space chooses)</source>
            <translation>角色（空格键选择）</translation>
        </message>
        <message>
            <source>register</source>
            <translation>登记</translation>
        </message>
        <message>
            <source>change</source>
            <translation>更改</translation>
        </message>
        <message>
            <source>new PIN</source>
            <translation>新 PIN</translation>
        </message>
        <message>
            <source>leaves</source>
            <translation>离岗</translation>
        </message>
        <message>
            <source>take back</source>
            <translation>恢复在岗</translation>
        </message>
        <message>
            <source>search</source>
            <translation>查找</translation>
        </message>
        <message>
            <source>Name or badge</source>
            <translation>姓名或工牌号</translation>
        </message>
        <message>
            <source>Nobody found</source>
            <translation>没有找到人员</translation>
        </message>
        <message>
            <source>Nobody here has this name or badge. F2 registers.</source>
            <translation>没有此姓名或工牌号的人员。按 F2 登记。</translation>
        </message>
        <message>
            <source>Badge</source>
            <translation>工牌</translation>
        </message>
        <message>
            <source>Roles</source>
            <translation>角色</translation>
        </message>
        <message>
            <source>Tests</source>
            <translation>检测</translation>
        </message>
        <message>
            <source>Approves</source>
            <translation>批准</translation>
        </message>
        <message>
            <source>Left</source>
            <translation>离岗</translation>
        </message>
        <message>
            <source>{0} people</source>
            <translation>{0} 人在岗</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>姓名</translation>
        </message>
        <message>
            <source>Fields</source>
            <translation>领域</translation>
        </message>
        <message>
            <source>Validity</source>
            <translation>有效期</translation>
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
            <source>Real name</source>
            <translation>真实姓名</translation>
        </message>
        <message>
            <source>Badge number (scan it)</source>
            <translation>工牌号（可扫描）</translation>
        </message>
        <message>
            <source>Number of the letter</source>
            <translation>授权文件号</translation>
        </message>
        <message>
            <source>PIN, 4 to 8 digits</source>
            <translation>PIN（4–8 位数字）</translation>
        </message>
        <message>
            <source>PIN again</source>
            <translation>再次输入 PIN</translation>
        </message>
        <message>
            <source>Password, at least 10 characters</source>
            <translation>密码（至少 10 位）</translation>
        </message>
        <message>
            <source>Password again</source>
            <translation>再次输入密码</translation>
        </message>
        <message>
            <source>left</source>
            <translation>已离岗</translation>
        </message>
        <message>
            <source>ended {0}</source>
            <translation>已于 {0} 到期</translation>
        </message>
        <message>
            <source>until {0}</source>
            <translation>至 {0}</translation>
        </message>
        <message>
            <source>works here</source>
            <translation>在岗</translation>
        </message>
        <message>
            <source>May test</source>
            <translation>可检测</translation>
        </message>
        <message>
            <source>May approve reports</source>
            <translation>可批准报告</translation>
        </message>
        <message>
            <source>Valid from</source>
            <translation>有效期自</translation>
        </message>
        <message>
            <source>Valid until</source>
            <translation>有效期至</translation>
        </message>
        <message>
            <source>Materials</source>
            <translation>建筑材料</translation>
        </message>
    </context>
</TS>
