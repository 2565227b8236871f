// A played scenario: its frames, and each step and event as a sentence.
import { t } from "../language";

export type Task = { element_id: string; name: string; assignee: string | null; candidate_groups: string[]; due: string | null; due_date: string | null; light: string | null };
export type Clock = { name: string; kind: string; status: string; due_date: string | null; light: string | null; explanation: string };
export type Happening = { at: string; actor: string; kind: string; data: Record<string, any> };
export type Frame = {
  number: number; kind: string; what: Record<string, any>; at: string; failures: string[]; status: string | null;
  outcome: string | null; number_of_case: string | null; tasks: Task[]; clocks: Clock[]; variables: Record<string, unknown>;
  events: Happening[]; active: Record<string, number>; done: string[]; next_due: string | null;
};
export type Playback = { title: string; process: string; source: string; steps: number; ok: boolean; frames: Frame[] };

const STEPS: Record<string, [string, string]> = {
  start: ["立案", "Open the case"],
  complete: ["办结", "Complete"],
  claim: ["领取", "Claim"],
  release: ["退回", "Release"],
  assign: ["指派", "Assign"],
  delegate: ["转办", "Delegate"],
  message: ["收到消息", "Message"],
  withdraw: ["撤回", "Withdraw"],
  pause: ["暂停时限", "Pause a clock"],
  resume: ["恢复时限", "Resume a clock"],
  extend: ["延长时限", "Extend a clock"],
  leave: ["休假并由人代办", "On leave, covered"],
  advance_to: ["时间推进", "Time goes on"],
  expect: ["核对应有的结果", "Check what must be true"],
  refused: ["应被拒绝的尝试", "An attempt that must be refused"],
};
const EVENTS: Record<string, [string, string]> = {
  case_opened: ["立案", "Case opened"],
  task_completed: ["任务办结", "Task completed"],
  task_claimed: ["任务领取", "Task claimed"],
  task_released: ["任务退回", "Task released"],
  task_assigned: ["任务指派", "Task assigned"],
  task_delegated: ["任务转办", "Task delegated"],
  task_overdue: ["任务超期，向上提醒", "Task overdue, told up the line"],
  timer_fired: ["定时器到时", "Timer fired"],
  message_received: ["收到消息", "Message received"],
  job_finished: ["后台事项完成", "Job finished"],
  job_failed: ["后台事项未成", "Job failed"],
  clock_paused: ["时限暂停", "Clock paused"],
  clock_resumed: ["时限恢复", "Clock resumed"],
  clock_extended: ["时限延长", "Clock extended"],
  clocks_recalculated: ["时限重算", "Clocks recalculated"],
  case_withdrawn: ["案件撤回", "Case withdrawn"],
  notice_delivered: ["通知送达", "Notice delivered"],
};

const KEYS: Record<string, [string, string]> = {
  at: ["时间", "At"],
  to: ["交给", "To"],
  region: ["地区", "Region"],
  reason: ["理由", "Reason"],
  name: ["名称", "Name"],
  clock: ["时限", "Clock"],
  ground: ["事由", "Ground"],
  article: ["条款", "Article"],
  code: ["应有代码", "Code"],
  open: ["待办", "Open"],
  done: ["已完成", "Done"],
  not_open: ["不在待办", "Not open"],
  due: ["截止", "Due"],
  lights: ["灯色", "Lights"],
  escalations: ["升级", "Escalations"],
  variables: ["变量", "Variables"],
  notices: ["通知", "Notices"],
  outcome: ["结果", "Outcome"],
  status: ["状态", "Status"],
  case: ["所属案件", "Of the case"],
};

export const stepName = (kind: string): string => (STEPS[kind] ? t(...STEPS[kind]) : kind);
export const eventName = (kind: string): string => (EVENTS[kind] ? t(...EVENTS[kind]) : kind);

// What a step does besides its kind: the element, who, what they answer.
export function stepFacts(frame: Frame): [string, string][] {
  const { task, by, answers, payload, ...rest } = frame.what;
  const facts: [string, string][] = [];
  if (task) facts.push([t("任务", "Task"), String(task)]);
  if (by) facts.push([t("办理人", "By"), String(by)]);
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  for (const [key, value] of Object.entries(rest)) facts.push([KEYS[key] ? t(...KEYS[key]) : key, text(value)]);
  for (const [key, value] of Object.entries({ ...(answers ?? {}), ...(payload ?? {}) })) facts.push([key, text(value)]);
  return facts;
}

export function instant(iso: string): string {
  const day = new Intl.DateTimeFormat(t("zh-CN", "en-GB"), { weekday: "short", timeZone: "Asia/Shanghai" }).format(new Date(iso));
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}（${day}）`.replace(/（(\w+)）/, " ($1)");
}
