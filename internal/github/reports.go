package github

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

const (
	maxAggregateReport = 64 << 20
	maxUsersReport     = 4 << 30 // 500,000 people, which is more than any account has, at 8 KB each
	maxTeamsReport     = 1 << 30
	maxReposReport     = 256 << 20

	maxLinks = 1000
)

// Report asks for one day's report. It can be read for about an hour after that.
//
// The error fault.NoReport means that GitHub has no report. GitHub says so in many ways, and sometimes only while the report is
// read. fault.NotFound is ambiguous: GitHub also answers 404 to a wrong slug, and to a token that it does not let in.
func (c *Client) Report(ctx context.Context, account copilot.Account, kind reports.Kind, day calendar.Date) (reports.Report, error) {
	op := fmt.Sprintf("read %s report of %s", kind, day)
	a, err := c.get(ctx, op, reportPath(account, kind, day))
	if err != nil {
		return nil, err
	}
	links, err := parseEnvelope(op, a.body, day)
	if err != nil {
		return nil, err
	}
	limit := map[reports.Kind]int64{
		reports.Aggregate: maxAggregateReport, reports.PerUser: maxUsersReport, reports.UserTeams: maxTeamsReport,
		reports.ByRepo: maxReposReport,
	}[kind]
	return reading{client: c, op: op, day: day, links: links, limit: limit}.from, nil
}

func reportPath(account copilot.Account, kind reports.Kind, day calendar.Date) string {
	name := string(kind)
	if kind == reports.Aggregate {
		name = string(account.Scope)
	}
	return fmt.Sprintf("%s/copilot/metrics/reports/%s-1-day?day=%s", accountPath(account), name, day)
}

func accountPath(account copilot.Account) string {
	if account.Scope == copilot.Enterprise {
		return "enterprises/" + account.Slug
	}
	return "orgs/" + account.Slug
}

// parseEnvelope reads GitHub's answer to a request for a report. All of these mean that there is no report: 204, an empty
// body, null, an empty string, a string that says so, links that are empty or null.
func parseEnvelope(op string, body []byte, day calendar.Date) ([]string, error) {
	noReport := &fault.Error{Code: fault.NoReport, Op: op}
	body = bytes.TrimSpace(body)
	if len(body) == 0 || string(body) == "null" {
		return nil, noReport
	}
	var said string
	if json.Unmarshal(body, &said) == nil {
		if said == "" || strings.Contains(strings.ToLower(said), "no report") {
			return nil, noReport
		}
		return nil, unexpected(op, "its answer is a sentence instead of a report")
	}
	var envelope struct {
		Links jsontext.Value `json:"download_links"`
		Day   string         `json:"report_day"`
	}
	var links []string
	if json.Unmarshal(body, &envelope) != nil || json.Unmarshal(envelope.Links, &links) != nil {
		return nil, unexpected(op, "its answer holds no download links")
	}
	switch {
	case len(links) == 0:
		return nil, noReport
	case len(links) > maxLinks:
		return nil, brokenReport(op, "it has more parts than any report")
	case envelope.Day != "" && envelope.Day != day.String():
		return nil, brokenReport(op, "GitHub answered with the report of another day")
	default:
		return links, nil
	}
}
