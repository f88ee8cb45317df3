package notify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// lost writes the mail of NoticeLost: the token cannot read some part of the account any more.
func lost(c *connector.Connector, n connector.Notice) Mail {
	opening := fmt.Sprintf("CloudMonitor cannot read the %s of %s any more. Everything else still comes in.", n.Lost.Words(), account(c))
	if n.Reason != "" {
		opening += "\n\nWhat GitHub answered: " + oneLine(n.Reason, maxReason)
	}
	todo := replacement(c)
	if n.Remedy != "" {
		todo = "What to do: " + oneLine(n.Remedy, maxReason)
	}
	return Mail{
		Subject: subject("GitHub stopped showing "+n.Lost.Words()+" of %s", c),
		Body:    letter(opening, whose(c), todo),
	}
}

// unreadable writes the mail of NoticeUnreadable: the reports of some days cannot be read.
func unreadable(c *connector.Connector, n connector.Notice) Mail {
	todo := "If reports of other days come in, the trouble is with these reports: tell GitHub Support the account and the days."
	if n.Remedy != "" {
		todo = "What to do: " + oneLine(n.Remedy, maxReason)
	}
	return Mail{
		Subject: subject("The Copilot reports for "+days(len(n.Days))+" of %s cannot be read", c),
		Body: letter(
			fmt.Sprintf("GitHub has reports of %s for %s, and CloudMonitor could not read them completely in several polls. The numbers read earlier for these days stay. "+
				"All other days come in. CloudMonitor tries again at each poll.", account(c), calendar.ListDates(n.Days)),
			todo,
			where(c)),
	}
}
