// Charts of trends. The tables beside them hold the same figures for whoever does not see a chart.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { t } from "../language";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export function mount(element: HTMLElement): void {
  const rows = JSON.parse(element.dataset.rows ?? "[]") as (string | number)[][];
  const chart = init(element, null, { renderer: "svg" });
  const draw = (): void => chart.setOption(element.dataset.kind === "curve" ? curve(rows as number[][]) : bars(rows), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const axis = (): object => ({ axisLabel: { color: token("--muted") }, axisLine: { lineStyle: { color: token("--edge") } }, splitLine: { lineStyle: { color: token("--line") } } });

function common(): object {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    textStyle: { color: token("--ink"), fontFamily: token("--font") },
    grid: { left: 56, right: 56, top: 48, bottom: 40 },
    legend: { top: 8, textStyle: { color: token("--ink") } },
  };
}

function bars(rows: (string | number)[][]): Parameters<ECharts["setOption"]>[0] {
  const share = rows.map((row) => (Number(row[3]) + Number(row[4]) ? Math.round((1000 * Number(row[3])) / (Number(row[3]) + Number(row[4]))) / 10 : null));
  return {
    ...common(),
    tooltip: { trigger: "axis", backgroundColor: token("--surface"), textStyle: { color: token("--ink") } },
    xAxis: { type: "category", data: rows.map((row) => String(row[0]).slice(0, 7) === String(row[0]) ? row[0] : String(row[0])), ...axis() },
    yAxis: [
      { type: "value", minInterval: 1, name: t("件", "cases"), nameTextStyle: { color: token("--muted") }, ...axis() },
      { type: "value", min: 0, max: 100, name: "%", nameTextStyle: { color: token("--muted") }, ...axis(), splitLine: { show: false } },
    ],
    series: [
      { name: t("收件", "Received"), type: "bar", data: rows.map((row) => row[1]), itemStyle: { color: token("--accent") } },
      { name: t("决定", "Decided"), type: "bar", data: rows.map((row) => row[2]), itemStyle: { color: token("--green") } },
      { name: t("按时率", "Share on time"), type: "line", yAxisIndex: 1, data: share, symbol: "triangle", symbolSize: 9, lineStyle: { type: "dashed", color: token("--yellow") }, itemStyle: { color: token("--yellow") } },
    ],
  };
}

function curve(rows: number[][]): Parameters<ECharts["setOption"]>[0] {
  return {
    ...common(),
    legend: { show: false },
    tooltip: {
      trigger: "axis",
      backgroundColor: token("--surface"),
      textStyle: { color: token("--ink") },
      valueFormatter: (value: unknown) => `${value}%`,
    },
    xAxis: { type: "value", min: 0, name: t("天", "days"), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: token("--muted") }, ...axis() },
    yAxis: { type: "value", min: 0, max: 100, name: t("已决定 %", "decided %"), nameTextStyle: { color: token("--muted") }, ...axis() },
    series: [{ name: t("已决定", "Decided"), type: "line", step: "end", symbol: "none", data: [[0, 0], ...rows.map(([days, share]) => [days, Math.round(share * 1000) / 10])], lineStyle: { color: token("--accent"), width: 2 } }],
  };
}
