"""What elements, their facts, fields and rules are called in the sentences that tell changes."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.designing.changes import Label

KINDS: Mapping[str, Label] = {
    "process": ("流程", "process"), "subProcess": ("子流程", "sub-process"),
    "callActivity": ("调用活动", "call activity"), "task": ("任务", "task"),
    "userTask": ("用户任务", "user task"), "manualTask": ("人工任务", "manual task"),
    "serviceTask": ("服务任务", "service task"), "scriptTask": ("脚本任务", "script task"),
    "businessRuleTask": ("规则任务", "business rule task"), "sendTask": ("发送任务", "send task"),
    "receiveTask": ("接收任务", "receive task"), "exclusiveGateway": ("排他网关", "exclusive gateway"),
    "parallelGateway": ("并行网关", "parallel gateway"),
    "inclusiveGateway": ("包容网关", "inclusive gateway"),
    "eventBasedGateway": ("事件网关", "event-based gateway"),
    "complexGateway": ("复杂网关", "complex gateway"),
    "startEvent": ("开始事件", "start event"), "endEvent": ("结束事件", "end event"),
    "intermediateCatchEvent": ("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": ("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": ("边界事件", "boundary event"), "sequenceFlow": ("连线", "sequence flow"),
    "lane": ("泳道", "lane"), "participant": ("参与者", "participant"), "message": ("消息", "message"),
    "signal": ("信号", "signal"), "error": ("错误", "error"), "escalation": ("升级", "escalation"),
    "messageFlow": ("消息流", "message flow"), "textAnnotation": ("注释", "text annotation"),
    "dataObjectReference": ("数据对象", "data object"), "dataStoreReference": ("数据存储", "data store"),
    "group": ("分组", "group"), "transaction": ("事务", "transaction"),
    "adHocSubProcess": ("即席子流程", "ad-hoc sub-process"),
}  # fmt: skip

FACTS: Mapping[str, Label] = {
    "lane": ("所在泳道", "lane"), "sourceRef": ("起点", "source"), "targetRef": ("终点", "target"),
    "conditionExpression": ("条件", "condition"), "default": ("默认出口", "default flow"),
    "attachedToRef": ("依附于", "attached to"), "cancelActivity": ("是否中断", "interrupting"),
    "isInterrupting": ("是否中断", "interrupting"), "documentation": ("说明", "documentation"),
    "text": ("文字", "text"), "isExecutable": ("是否可执行", "executable"),
    "timeDuration": ("时长", "duration"), "timeDate": ("时刻", "date"), "timeCycle": ("周期", "cycle"),
    "assignmentDefinition.assignee": ("办理人", "assignee"),
    "assignmentDefinition.candidateGroups": ("候选岗位", "candidate groups"),
    "assignmentDefinition.candidateUsers": ("候选人", "candidate users"),
    "formDefinition.formId": ("表单", "form"), "taskSchedule.dueDate": ("办理时限", "due date"),
    "taskSchedule.followUpDate": ("跟进日期", "follow-up date"),
    "priorityDefinition.priority": ("优先级", "priority"), "taskDefinition.type": ("作业类型", "job type"),
    "taskDefinition.retries": ("重试次数", "retries"), "script.expression": ("脚本", "script"),
    "script.resultVariable": ("结果变量", "result variable"),
    "calledDecision.decisionId": ("决策", "decision"),
    "calledDecision.resultVariable": ("结果变量", "result variable"),
    "calledElement.processId": ("被调用流程", "called process"),
    "loopCharacteristics.inputCollection": ("循环集合", "input collection"),
    "loopCharacteristics.inputElement": ("循环变量", "input element"),
    "loopCharacteristics.outputCollection": ("结果集合", "output collection"),
    "loopCharacteristics.outputElement": ("单次结果", "output element"),
    "completionCondition": ("完成条件", "completion condition"),
    "subscription.correlationKey": ("关联键", "correlation key"),
    "versionTag.value": ("版本标签", "version tag"),
    "errorCode": ("错误代码", "error code"), "escalationCode": ("升级代码", "escalation code"),
    "messageEventDefinition.messageRef": ("消息", "message"),
    "signalEventDefinition.signalRef": ("信号", "signal"),
    "errorEventDefinition.errorRef": ("错误", "error"), "property": ("扩展属性", "property"),
    "header": ("作业标头", "header"), "input": ("输入", "input"), "output": ("输出", "output"),
    "property:extendTo": ("延长至", "extended limit"), "property:startAt": ("起算日", "counted from"),
    "userTask": ("Camunda 用户任务", "Camunda user task"),
}  # fmt: skip

LIMIT_FACTS = frozenset(
    {"timeDuration", "timeDate", "timeCycle", "taskSchedule.dueDate", "taskSchedule.followUpDate",
     "property:extendTo", "property:startAt"}
)  # fmt: skip

FORM_FACTS: Mapping[str, Label] = {
    "label": ("标签", "label"), "type": ("类型", "type"), "description": ("说明", "description"),
    "text": ("文字", "text"), "key": ("键", "key"), "path": ("路径", "path"),
    "validate.required": ("必填", "required"), "validate.min": ("最小值", "minimum"),
    "validate.max": ("最大值", "maximum"), "validate.minLength": ("最短", "minimum length"),
    "validate.maxLength": ("最长", "maximum length"), "validate.pattern": ("格式", "pattern"),
    "conditional.hide": ("隐藏条件", "hidden if"), "defaultValue": ("默认值", "default value"),
    "readonly": ("只读", "read only"), "disabled": ("停用", "disabled"), "values": ("选项", "options"),
    "valuesKey": ("选项变量", "options' variable"), "valuesExpression": ("选项表达式", "options' expression"),
    "expression": ("表达式", "expression"), "properties.labelEn": ("英文标签", "English label"),
    "properties.kind": ("种类", "kind"), "properties.source": ("依据", "source"),
    "properties.check": ("校验", "check"),
}  # fmt: skip
