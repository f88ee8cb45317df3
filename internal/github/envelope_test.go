package github_test

import (
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestEnvelopesThatCannotBeUsed(t *testing.T) {
	many := `"https://copilot-reports.github.com/x"` + strings.Repeat(`,"https://copilot-reports.github.com/x"`, github.MaxLinks)
	for body, want := range map[string]connector.Code{
		`{"download_links":["http://127.0.0.1/x"],"report_day":"2026-11-19"}`: connector.CodeReportBroken,
		`{"download_links":[` + many + `]}`:                                   connector.CodeReportBroken,
		`{"download_links":[""]}`:                                             connector.CodeReportBroken,
		`{"download_links":[null]}`:                                           connector.CodeReportBroken,
		`{"download_links":["https://copilot-reports.github.com/\u0000"]}`:    connector.CodeReportBroken,
		`{"download_links":["http://[::1"]}`:                                  connector.CodeReportBroken,
		`{"download_links":null}`:                                             connector.CodeNoReport,
		`null`:                                                                connector.CodeNoReport,
		` `:                                                                   connector.CodeNoReport,
		`"There is No Report yet"`:                                            connector.CodeNoReport,
		`"Ask again later"`:                                                   connector.CodeUnexpected,
		`{"download_links":"https://copilot-reports.github.com/x"}`: connector.CodeUnexpected,
		`{"download_links":[1]}`:                                    connector.CodeUnexpected,
		`{"download_links":{}}`:                                     connector.CodeUnexpected,
		`{"download_links":[[]],"report_day":7}`:                    connector.CodeUnexpected,
		`{"report_day":"2026-11-20"}`:                               connector.CodeUnexpected,
		`{}`:                                                        connector.CodeUnexpected,
		`[]`:                                                        connector.CodeUnexpected,
		`7`:                                                         connector.CodeUnexpected,
		`<!DOCTYPE html>`:                                           connector.CodeUnexpected,
		`{"download_links":[`:                                       connector.CodeUnexpected,
		strings.Repeat("[", 100_000):                                connector.CodeUnexpected,
		strings.Repeat(" ", github.MaxAnswer+1):                     connector.CodeUnexpected,
	} {
		t.Run(fmt.Sprintf("%.40s", body), func(t *testing.T) {
			parts, err := report(t.Context(), answering(t, respond(200, body)), org, metrics.Aggregate)
			check(t, err, want)
			if len(parts) != 0 {
				t.Errorf("parts: %q", parts)
			}
		})
	}
	// As large as an answer may be, and no larger.
	_, err := report(t.Context(), answering(t, respond(200, strings.Repeat(" ", github.MaxAnswer))), org, metrics.Aggregate)
	check(t, err, connector.CodeNoReport)
	bomb := gzipped(strings.Repeat(" ", 2*github.MaxAnswer))
	_, err = report(t.Context(), answering(t, respond(200, bomb, "Content-Encoding", "gzip")), org, metrics.Aggregate)
	check(t, err, connector.CodeUnexpected)
}
