package github_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

func TestInvalidEnvelopesAreRefused(t *testing.T) {
	many := `"https://copilot-reports.github.com/x"` + strings.Repeat(`,"https://copilot-reports.github.com/x"`, github.MaxLinks)
	for body, want := range map[string]fault.Code{
		`{"download_links":["http://127.0.0.1/x"],"report_day":"2026-11-19"}`: fault.ReportBroken,
		`{"download_links":[` + many + `]}`:                                   fault.ReportBroken,
		`{"download_links":[""]}`:                                             fault.ReportBroken,
		`{"download_links":[null]}`:                                           fault.ReportBroken,
		`{"download_links":["https://copilot-reports.github.com/\u0000"]}`:    fault.ReportBroken,
		`{"download_links":["http://[::1"]}`:                                  fault.ReportBroken,
		`{"download_links":null}`:                                             fault.NoReport,
		`null`:                                                                fault.NoReport,
		` `:                                                                   fault.NoReport,
		`"There is No Report yet"`:                                            fault.NoReport,
		`"Ask again later"`:                                                   fault.Unexpected,
		`{"download_links":"https://copilot-reports.github.com/x"}`: fault.Unexpected,
		`{"download_links":[1]}`:                                    fault.Unexpected,
		`{"download_links":{}}`:                                     fault.Unexpected,
		`{"download_links":[[]],"report_day":7}`:                    fault.Unexpected,
		`{"report_day":"2026-11-20"}`:                               fault.Unexpected,
		`{}`:                                                        fault.Unexpected,
		`{"Download_Links":[]}`:                                     fault.Unexpected,
		`{"download_link\u017f":[]}`:                                fault.Unexpected,
		`{"download_links":["x"],"download_links":[]}`:              fault.Unexpected,
		`{"download_links":[],"report_day":"","report_day":""}`:     fault.Unexpected,
		`[]`:                                    fault.Unexpected,
		`7`:                                     fault.Unexpected,
		`<!DOCTYPE html>`:                       fault.NotGitHub,
		`{"download_links":[`:                   fault.Unexpected,
		strings.Repeat("[", 100_000):            fault.Unexpected,
		strings.Repeat(" ", github.MaxAnswer+1): fault.Unexpected,
	} {
		t.Run(fmt.Sprintf("%.40s", body), func(t *testing.T) {
			parts, err := report(t.Context(), answering(t, respond(200, body)), org, reports.Aggregate)
			check(t, err, want)
			if e, ok := errors.AsType[*fault.Error](err); ok && e.Said != "" {
				t.Errorf("text of our own is reported as GitHub's: %q", e.Said)
			}
			if len(parts) != 0 {
				t.Errorf("parts: %q", parts)
			}
		})
	}
	// The longest answer that is accepted.
	_, err := report(t.Context(), answering(t, respond(200, strings.Repeat(" ", github.MaxAnswer))), org, reports.Aggregate)
	check(t, err, fault.NoReport)
	bomb := gzipped(strings.Repeat(" ", 2*github.MaxAnswer))
	_, err = report(t.Context(), answering(t, respond(200, bomb, "Content-Encoding", "gzip")), org, reports.Aggregate)
	check(t, err, fault.Unexpected)
}
