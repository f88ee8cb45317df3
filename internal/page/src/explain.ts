// What every figure means: its formula and where its numbers come from. docs/METRICS.md has the same with examples.
export const explanations = {
  totalSpend: {
    formula: "Seat cost of the month so far + AI credits billed beyond the included pool.",
    source: "Seats by GitHub's seat list and your prices; credits by GitHub's bill.",
  },
  projected: {
    formula: "Seats held to the month's end + credits beyond the pool, if people go on as so far.",
    source: "Seat list, per-person usage reports and GitHub's bill.",
  },
  costPerActiveDeveloper: {
    formula: "Spend of the month so far ÷ people who were active in it, each counted once.",
    source: "Seat list, bill, and GitHub's per-person usage reports.",
  },
  idleSeatCost: {
    formula: "Monthly price of the seats that are idle or were never used.",
    source: "The newest seat list: a seat is idle when nothing was heard of it for the days that you have set.",
  },
  pool: {
    formula: "AI credits used ÷ credits included with the seats. The pool starts anew on the 1st.",
    source: "Credits by GitHub's per-person usage reports; included credits by plan and seats.",
  },
  creditsUsed: {
    formula: "Sum of the AI credits of every person and day.",
    source: "GitHub's per-person usage reports. A sign of use, not the invoice.",
  },
  creditsValue: {
    formula: "AI credits used × price of a credit, whether included or billed.",
    source: "Usage reports and the price of a credit.",
  },
  billed: {formula: "AI credits beyond the included pool, as GitHub charges them.", source: "GitHub's billing API."},
  seatCost: {
    formula: "Each seat's price × days it was held ÷ days of the month.",
    source: "Seat lists of the month and your prices.",
  },
  activeUsers: {
    formula: "People whom GitHub counts as active. Over several days each person counts once.",
    source: "GitHub's usage reports: of a day the aggregate, of a range the per-person reports.",
  },
  engagedUsers: {
    formula: "People who asked, generated or accepted something. Over several days each person counts once.",
    source: "GitHub's per-person usage reports.",
  },
  acceptanceRate: {formula: "Code completions accepted ÷ suggested.", source: "GitHub's usage reports, code completions alone."},
  chats: {formula: "Requests that people sent in chat, over every chat mode.", source: "GitHub's usage reports."},
  seats: {formula: "Seats in the newest list, those without a person included.", source: "GitHub's seat list, read once a day."},
  monthlyCost: {formula: "Each seat's price by its plan, for a whole month.", source: "Seat list and your prices."},
} as const;

export type Explained = keyof typeof explanations;
