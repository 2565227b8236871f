"""Chinese summaries of the API's calls, by operation id; the English ones are the routes' docstrings."""

from __future__ import annotations

from collections.abc import Mapping

SUMMARIES_ZH: Mapping[str, str] = {
    "open_session": "登录；会话随 cookie 传递。",
    "close_session": "退出登录；以令牌调用时，该令牌作废。",
    "me": "我是谁，可以做什么。",
    "open_token": "为脚本开立具名令牌，只显示一次。",
    "deploy_files": "部署一组文件：有新版本为 201，无变化为 200，有问题为 422 并逐项列出。",
    "list_definitions": "各流程的现行版本。",
    "get_definition": "一个流程的现行版本、开案所需的表单及全部版本。",
    "get_version": "一个版本及其所绑定的文件。",
    "get_xml": "一个版本的 BPMN 原文，逐字节一致。",
    "open_a_case": "开立案件。",
    "list_cases": "按流程、状态、灯色、区划、编号或文字查找案件。",
    "get_case": "一个案件及其待办任务和时限。",
    "get_history": "案件的办理记录，由早到晚。",
    "send_a_message": "发送案件正在等待的消息。",
    "withdraw": "撤回案件；已办事项仍留在记录中。",
    "list_clocks": "案件的全部时限，并说明其到期日的由来。",
    "pause": "以一定事由暂停时限，剩余时间原样保留。",
    "resume": "恢复已暂停的时限。",
    "extend": "依法定情形延长时限，须有批准人。",
    "list_tasks": "任务列表：逾期和紧急的在前。",
    "get_task": "一项任务及其表单、已知内容、草稿和可做的操作。",
    "claim": "领取任务。",
    "release": "把任务退回岗位。",
    "assign": "把任务交给可办理的人。",
    "delegate": "把手上的任务转给另一位可办理的人。",
    "draft": "保存未填完的内容，下一位打开任务的人可以看到。",
    "complete": "办结任务；返回案件办理后的状态。",
    "list_incidents": "等待处置的环节、定时器和外发事项故障。",
    "retry": "重试故障环节，可同时更正变量。",
    "list_audit_log": "不属于任何案件的操作记录。",
}
