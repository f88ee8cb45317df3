package githubsim

import "slices"

// NoReport is a form of GitHub's answer for a day without a report. Each form was observed at GitHub. None of them
// means that nobody used Copilot.
type NoReport int

// The comments show the HTTP answer.
const (
	NoReportNoContent   NoReport = iota // 204
	NoReportEmptyLinks                  // 200, download_links: []
	NoReportSentence                    // 200, a JSON string that says so
	NoReportEmptyString                 // 200, ""
	NoReportEmptyBody                   // 200, nothing
	NoReportNotFound                    // 404
	NoReportDeadLink                    // 200 with a link that answers 404
)

// GitHub has reports from these days on, but only for the last year.
var reportsSince = map[Kind]day{
	Organization: mustDay("2025-12-12"),
	Enterprise:   mustDay("2025-10-10"),
}

const reportsKept day = 365

func (a *Account) hasReport(r report, on, today day) bool {
	return on <= a.newestReport(r, today) && on >= a.oldestReport(r, today) &&
		!slices.Contains(a.MissingDays, on.String())
}

func (a *Account) newestReport(r report, today day) day {
	newest := today - 1 - day(a.ReadyDelay)
	switch r.of {
	case aPerson:
		newest -= day(a.UsersDelay)
	case aMember:
		newest -= day(a.TeamsDelay)
	case everything, aRepository:
	}
	return newest
}

func (a *Account) oldestReport(r report, today day) day {
	oldest := max(reportsSince[a.Kind], today-reportsKept)
	switch r.of {
	case aMember:
		oldest = max(oldest, teamsSince)
	case aRepository:
		oldest = max(oldest, reposSince)
	case everything, aPerson:
	}
	if first, err := parseDay(a.FirstDay); err == nil {
		oldest = max(oldest, first)
	}
	return oldest
}

// latestSpan returns the 28 days of a …-28-day/latest report. It returns false if there is none yet.
func (a *Account) latestSpan(r report, today day) (span, bool) {
	for end := a.newestReport(r, today); end >= a.oldestReport(r, today); end-- {
		if a.hasReport(r, end, today) {
			return span{end - 27, end}, true
		}
	}
	return span{}, false
}
