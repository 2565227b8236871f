// The units of parameters, and values as people say them.
import { t } from "../language";

export const UNITS: Record<string, [string, string]> = {
  workdays: ["工作日", "working days"],
  calendar_days: ["日历天", "calendar days"],
  hours: ["小时", "hours"],
  months: ["个月", "months"],
  fen: ["金额（分）", "money (fen)"],
  ratio: ["比例", "ratio"],
  count: ["数量", "count"],
  flag: ["是否", "yes or no"],
  text: ["文字", "text"],
  list: ["列表", "list"],
};

const COUNTED: Record<string, string> = { workdays: "个工作日", calendar_days: "个日历天" };

export type Value = string | number | boolean | (string | number | boolean)[];

export function shownValue(value: Value, unit: string): string {
  if (Array.isArray(value)) return value.join(t("、", ", ")) || "—";
  if (typeof value === "boolean") return value ? t("是", "yes") : t("否", "no");
  if (unit === "fen") {
    const yuan = (Number(value) / 100).toLocaleString("en", { minimumFractionDigits: 2 });
    return t(`${yuan} 元`, `CNY ${yuan}`);
  }
  if (unit === "ratio") return `${+(Number(value) * 100).toFixed(6)}%`;
  const timed = ["workdays", "calendar_days", "hours", "months"].includes(unit);
  return timed ? t(`${value} ${COUNTED[unit] ?? UNITS[unit][0]}`, `${value} ${UNITS[unit][1].replace(/s$/, Number(value) === 1 ? "" : "s")}`) : String(value);
}
