// Explains every figure: its formula, and the source of its numbers. docs/METRICS.md explains the same with examples.
export const explanations = {
  totalSpend: {
    formula: "Seat cost of the month so far + AI credits billed beyond the included pool.",
    source: "Seats by GitHub's seat list and your prices; credits by GitHub's bill.",
  },
  projected: {
    formula: "Seats held to the month's end + credits beyond the pool, if use goes on at the present pace.",
    source: "Seat list, per-person usage reports and GitHub's bill.",
  },
  costPerActiveDeveloper: {
    formula: "Spend of the month so far ÷ people who were active in it, each counted once.",
    source: "Seat list, bill, and GitHub's per-person usage reports.",
  },
  idleSeatCost: {
    formula: "Monthly price of the seats that are idle or were never used.",
    source: "The newest seat list: a seat is idle if it shows no activity for the number of days that you set.",
  },
  pool: {
    formula: "AI credits used ÷ credits included with the seats. A new pool begins on the 1st.",
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
  peopleADay: {
    formula: "Active: people whom GitHub counts as active on the day. Engaged: those who asked, generated or accepted something.",
    source: "GitHub's usage reports: active people by the aggregate, engaged people by the per-person reports.",
  },
  growth: {
    formula:
      "People active in a week or month, each counted once. Below: those of them who hold a seat ÷ seats of its last list.",
    source: "GitHub's per-person usage reports, and the seat lists.",
  },
  yesterday: {
    formula: "The newest day with numbers, against the same weekday a week before.",
    source: "GitHub's usage reports.",
  },
  days: {
    formula: "Each row is a day as GitHub reports it. Nothing is added up.",
    source: "GitHub's usage reports: engaged people and credits by the per-person reports.",
  },
  people: {
    formula:
      "Each person's numbers of the days, added up. Rate: accepted ÷ suggested. Share: the person's credits ÷ those of everybody.",
    source: "GitHub's per-person usage reports; the seat by the newest seat list.",
  },
  seatRows: {
    formula:
      "Last active is the later of the seat's last activity and the person's last day with usage. Idle days are the whole days since.",
    source: "GitHub's seat list, its per-person usage reports and your prices.",
  },
  seatsOverTime: {
    formula: "Seats of each day's list, by their status on that day.",
    source: "GitHub's seat list, read once a day.",
  },
  acceptanceRate: {formula: "Code completions accepted ÷ suggested.", source: "GitHub's usage reports, code completions alone."},
  chats: {formula: "Requests that people sent in chat, over every chat mode.", source: "GitHub's usage reports."},
  seats: {formula: "Seats in the newest list, those without a person included.", source: "GitHub's seat list, read once a day."},
  monthlyCost: {formula: "Each seat's price by its plan, for a whole month.", source: "Seat list and your prices."},
  completionsBy: {
    formula: "Suggestions of the days added up by name. They may sum to less than the whole, which is GitHub's own.",
    source: "GitHub's usage reports.",
  },
  chatBy: {formula: "Requests in chat, added up over the days by name.", source: "GitHub's usage reports."},
  cli: {formula: "Sessions, requests and tokens of the command line, added up over the days.", source: "GitHub's usage reports."},
  byTeam: {
    formula: "Seats, credits and idle money of each team's people, by the day. A person in n teams adds 1/n to each.",
    source: "GitHub's report of teams. Without it, the team that assigned the seat.",
  },
  teamPeople: {
    formula:
      "Everybody who was in the team on any day, and the active people among them. A person who changes team counts in both.",
    source: "GitHub's report of teams. Without it, the team that assigned the seat.",
  },
  byOrganization: {
    formula:
      "Seat cost + billed credits of each organization. A person with seats through several counts once, with the higher plan.",
    source: "GitHub's seat list, and its bill by organization.",
  },
  byCostCenter: {
    formula: "Credits beyond the pool, as GitHub charges them to each cost center.",
    source: "GitHub's billing API.",
  },
  budgets: {
    formula: "GitHub's budgets for AI credits alone, and what each has spent in the month beyond the pool.",
    source: "GitHub's budgets and its bill.",
  },
  byModel: {
    formula: "Value of each model's credits, inside the pool and beyond. If no bill can be read: requests in chat.",
    source: "GitHub's bill. Without it, GitHub's usage reports.",
  },
  bySku: {
    formula: "Value of the credits by the names of GitHub's products, and the billed part of it.",
    source: "GitHub's bill.",
  },
  features: {
    formula: "Requests and acceptances of each feature, added up over the days.",
    source: "GitHub's usage reports, by GitHub's names.",
  },
  tools: {
    formula:
      "Uses of each tool, added up over the days. Kinds are not added up: skills include those of plugins. For an MCP server, attempts to connect count.",
    source: "GitHub's usage reports, which list the five most used tools of each kind on a day.",
  },
  agents: {
    formula:
      "Sessions and requests added up over the days. People are those of one day: people of several days are not added up.",
    source: "GitHub's usage reports, for VS Code, the cloud, the Copilot app and other vendors.",
  },
  codeReview: {
    formula: "People who asked Copilot for a review on a day, and people who got one because of a rule.",
    source: "GitHub's usage reports.",
  },
  reach: {
    formula: "People active in the 7 and in the 28 days that end with the day, each counted once.",
    source: "GitHub's usage reports (weekly_active_users, monthly_active_users).",
  },
  adoption: {
    formula: "People by GitHub's phase for their last 28 days.",
    source: "GitHub's usage reports. The newest day with phases. Phases of several days are not added up.",
  },
  pullRequests: {
    formula: "Pull requests and suggestions of every day, added up.",
    source: "GitHub's usage reports. Reviewed and merged count on the day on which that happened.",
  },
  timeToMerge: {
    formula:
      "GitHub's median for the pull requests merged on the newest day that has one. Medians of several days cannot be joined.",
    source: "GitHub's usage reports.",
  },
  repositories: {
    formula: "The pull requests of each repository that were merged, added up, and the ones among them that Copilot has written.",
    source: "GitHub's reports by repository, which begin on July 17, 2026.",
  },
  commentTypes: {
    formula: "Copilot's suggestions in reviews, added up by the kind of its comment; beside them those that people applied.",
    source: "GitHub's usage reports.",
  },
} as const;

export type Explained = keyof typeof explanations;
