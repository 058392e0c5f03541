"""The frame around every page: sign-in, demo mode, health, what is wrong."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "page.tab": "{page} · facematch",
    "nav.try": "Try it",
    "nav.look": "Look into it",
    # health
    "health.asking": "asking for its state…",
    "health.version": "version {version}",
    "health.unreachable.remedy": "It is asked again every few seconds; what you have entered is kept.",
    # demo mode
    "demo.switch": "Demo mode",
    "demo.help": "For the stage: larger type, samples at hand, personal data and technical details hidden. Also by ?demo=1 in the address.",
    "demo.on": "Demo mode",
    "demo.on.help": "Personal data and technical details are hidden on every page.",
    "demo.leave": "Leave",
    # sign-in
    "sign_in.why": "Sign in to use this console.",
    "sign_in.again": "Your sign-in is too long ago. Sign in again to go on.",
    "sign_in.in": "Sign in",
    "sign_in.out": "Sign out",
    "sign_in.stuck": "Back here after signing in? Then the sign-in was not completed: try once more, and if that does not help, ask whoever runs this console. The program's output says why.",
    "sign_in.sees": "may see personal data",
    "sign_in.sees_not": "without personal data",
    "sign_in.not_admitted": "{name}, you are signed in, but this console is not open to you. Ask whoever runs it, or sign in as somebody else.",
    "sign_in.not_set_up": "Signing in is required here, but it is not set up, so nothing is shown. Whoever runs this console: there is no usable [auth] section in .streamlit/secrets.toml; docs/sign_in.md says what belongs there.",
}

ZH: Mapping[str, str] = {
    "page.tab": "{page} · facematch",
    "nav.try": "测试",
    "nav.look": "记录与配置",
    # health
    "health.asking": "正在获取状态…",
    "health.version": "版本 {version}",
    "health.unreachable.remedy": "系统每隔几秒自动重试，已填写的内容不会丢失。",
    # demo mode
    "demo.switch": "演示模式",
    "demo.help": "适合上台演示：字号更大，示例一点即用，个人信息和技术细节全部隐藏。也可在网址后加 ?demo=1 开启。",
    "demo.on": "演示模式",
    "demo.on.help": "所有页面都已隐藏个人信息和技术细节。",
    "demo.leave": "退出",
    # sign-in
    "sign_in.why": "请先登录，再使用控制台。",
    "sign_in.again": "登录已过期，请重新登录。",
    "sign_in.in": "登录",
    "sign_in.out": "退出登录",
    "sign_in.stuck": "登录后又回到了这里？说明登录没有完成，请再试一次；仍不行，请联系控制台管理员，具体原因见程序输出。",
    "sign_in.sees": "可查看个人信息",
    "sign_in.sees_not": "不可查看个人信息",
    "sign_in.not_admitted": "{name}，您已登录，但没有使用此控制台的权限。请联系管理员，或换一个账号登录。",
    "sign_in.not_set_up": "此控制台要求登录，但登录尚未配置，因此不显示任何内容。管理员请注意：.streamlit/secrets.toml 中没有可用的 [auth] 配置，填写方法见 docs/sign_in.md。",
}
