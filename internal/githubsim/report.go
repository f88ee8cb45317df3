package githubsim

import (
	"io"
	"net/http"
)

// report is one of GitHub's usage reports. GitHub answers with an envelope of signed links. The files behind the links are the
// report.
type report struct {
	name string // the name of the endpoint and of the files
	of   subject
	days int
}

// subject is what a row of a report is about.
type subject int

const (
	everything  subject = iota // the whole account
	aPerson                    // a person on a day
	aMember                    // a person in a team on a day
	aRepository                // a repository on a day
)

var reportsOf = map[Kind][]report{
	Organization: {
		{"organization-1-day", everything, 1},
		{"organization-28-day", everything, 28},
		{"users-1-day", aPerson, 1},
		{"users-28-day", aPerson, 28},
		{"user-teams-1-day", aMember, 1},
		{"repos-1-day", aRepository, 1},
	},
	Enterprise: {
		{"enterprise-1-day", everything, 1},
		{"enterprise-28-day", everything, 28},
		{"users-1-day", aPerson, 1},
		{"users-28-day", aPerson, 28},
		{"user-teams-1-day", aMember, 1},
		{"repos-1-day", aRepository, 1},
	},
}

type envelope struct {
	Links    []string `json:"download_links"`
	Day      string   `json:"report_day,omitempty"`
	StartDay string   `json:"report_start_day,omitempty"`
	EndDay   string   `json:"report_end_day,omitempty"`
}

func (s *Server) oneDay(rep report) func(http.ResponseWriter, *http.Request, visit) {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		on, err := parseDay(r.URL.Query().Get("day"))
		if err != nil {
			refusal{
				status:  http.StatusUnprocessableEntity,
				message: "Invalid request.\n\nday must be given as YYYY-MM-DD.",
				docs:    docs + "/copilot/copilot-usage-metrics",
			}.write(w)
			return
		}
		answer := envelope{Day: on.String()}
		if !v.account.hasReport(rep, on, dayOf(s.now())) {
			s.noReport(w, r, v.account, file{rep, on, 0}, answer)
			return
		}
		answer.Links = s.links(r, v.account, rep, on)
		writeJSON(w, http.StatusOK, answer)
	}
}

func (s *Server) latest(rep report) func(http.ResponseWriter, *http.Request, visit) {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		today := dayOf(s.now())
		within, ok := v.account.latestSpan(rep, today)
		if !ok {
			s.noReport(w, r, v.account, file{rep, today, 0}, envelope{})
			return
		}
		writeJSON(w, http.StatusOK, envelope{
			Links:    s.links(r, v.account, rep, within.end),
			StartDay: within.start.String(),
			EndDay:   within.end.String(),
		})
	}
}

func (s *Server) noReport(w http.ResponseWriter, r *http.Request, a *Account, missing file, answer envelope) {
	switch a.NoReport {
	case NoReportNoContent:
		w.WriteHeader(http.StatusNoContent)
	case NoReportEmptyLinks:
		answer.Links = []string{}
		writeJSON(w, http.StatusOK, answer)
	case NoReportSentence:
		writeJSON(w, http.StatusOK, "No report available for this day")
	case NoReportEmptyString:
		writeJSON(w, http.StatusOK, "")
	case NoReportEmptyBody:
		w.WriteHeader(http.StatusOK)
	case NoReportNotFound:
		notFound.write(w)
	case NoReportDeadLink:
		answer.Links = []string{s.link(r, a, missing)}
		writeJSON(w, http.StatusOK, answer)
	}
}

func (s *Server) links(r *http.Request, a *Account, rep report, end day) []string {
	parts := 1
	if rep.of != everything {
		parts = a.shards()
	}
	links := make([]string, parts)
	for part := range parts {
		links[part] = s.link(r, a, file{rep, end, part})
		if a.ForeignHost {
			links[part] = "https://copilot-reports.example.com/" + rep.name
		}
	}
	return links
}

// file is one part of a report. Its day is the last day that it covers.
type file struct {
	report report
	day    day
	part   int
}

// days returns the days that the file covers and that have a report.
func (f file) days(p population) []day {
	var days []day
	for on := f.day - day(f.report.days) + 1; on <= f.day; on++ {
		if p.account.hasReport(f.report, on, p.today) {
			days = append(days, on)
		}
	}
	return days
}

func writeReport(w io.Writer, p population, f file) error {
	within := &span{f.day - day(f.report.days) + 1, f.day}
	switch oneDay := f.report.days == 1; {
	case f.report.of == aMember:
		return writeTeams(w, p, f.day, f.part)
	case f.report.of == aRepository:
		return writeRepositories(w, p, f.day, f.part)
	case oneDay && f.report.of == aPerson:
		return writeUsers(w, p, f.days(p), nil, f.part)
	case oneDay:
		return writeLine(w, knownTotals.of(p, f.day).record(p))
	case f.report.of == aPerson:
		return writeUsers(w, p, f.days(p), within, f.part)
	}
	return writeLine(w, spanRecordOf(p, *within, f.days(p)))
}
