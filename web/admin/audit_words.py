"""The kinds of the audit log's rows in words."""

from __future__ import annotations

from collections.abc import Mapping

from web.wording import Pair

KINDS: Mapping[str, Pair] = {
    "account_activated": ("启用账号", "Account opened again"),
    "account_added": ("新增账号", "Account added"),
    "account_deactivated": ("停用账号", "Account closed"),
    "account_renamed": ("更改姓名", "Person renamed"),
    "account_unlocked": ("解除锁定", "Lock lifted"),
    "alarm_raised": ("发出预警", "Alarm raised"),
    "attachment_read": ("查看附件", "Attachment read"),
    "budget_set": ("设定预算", "Budget set"),
    "calendar_changed": ("更改日历", "Calendar changed"),
    "data_exported": ("导出数据", "Data exported"),
    "data_revealed": ("查看完整号码", "Numbers shown in full"),
    "definitions_deployed": ("部署流程", "Processes deployed"),
    "headcounts_imported": ("导入人员编制", "Headcounts imported"),
    "password_changed": ("修改密码", "Password changed"),
    "password_reset": ("重置密码", "Password reset"),
    "people_imported": ("导入人员", "People imported"),
    "person_searched": ("按姓名或证件号查人", "Person searched"),
    "position_added": ("增加岗位", "Position given"),
    "position_ended": ("结束岗位", "Position ended"),
    "region_saved": ("保存地区", "Region saved"),
    "session_closed": ("退出登录", "Signed out"),
    "session_opened": ("登录", "Signed in"),
    "sign_in_failed": ("登录失败", "Sign-in failed"),
    "sign_in_locked": ("登录锁定", "Sign-in locked"),
    "substitution_added": ("安排代办", "Substitute named"),
    "substitution_ended": ("结束代办", "Substitution ended"),
    "token_created": ("开立令牌", "Token made"),
    "token_revoked": ("作废令牌", "Token revoked"),
    "tracking_locked": ("查询锁定", "Tracking locked"),
    "warnings_imported": ("导入部门数据", "Departments' data imported"),
}
