"""Environments: which servers there are and how each is reached."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "page.environments": "Environments",
    "page.environments.purpose": "Which servers the console drives, how it reaches them, and what the embedded one keeps.",
}

ZH: Mapping[str, str] = {
    "page.environments": "环境",
    "page.environments.purpose": "管理控制台连接的服务，以及内置服务保存的数据。",
}
