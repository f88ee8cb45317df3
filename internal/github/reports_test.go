package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// report reads a report of day and returns the parts that it hands over.
func report(ctx context.Context, client *github.Client, account copilot.Account, kind reports.Kind) (parts []string, err error) {
	err = read(ctx, client, account, kind, func(part io.Reader) error {
		whole, err := io.ReadAll(part)
		if err == nil {
			parts = append(parts, string(whole))
		}
		return err
	})
	return parts, err
}

func read(ctx context.Context, client *github.Client, account copilot.Account, kind reports.Kind, part func(io.Reader) error) error {
	report, err := client.Report(ctx, account, kind, day)
	if err != nil {
		return err
	}
	return report.Whole(ctx, part)
}

// reporting starts a GitHub whose report of any day has one link for each part; the part's handler answers it.
func reporting(t *testing.T, parts ...http.HandlerFunc) *recorder {
	return serve(t, reportOf(parts))
}

func reportOf(parts []http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if part, ok := strings.CutPrefix(r.URL.Path, "/part/"); ok {
			number, _ := strconv.Atoi(part)
			parts[number](w, r)
			return
		}
		links := make([]string, len(parts))
		for i := range parts {
			links[i] = "http://" + r.Host + "/part/" + strconv.Itoa(i) + "?sig=CANARY"
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"download_links": links, "report_day": day.String()})
	}
}

func TestAReportIsReadPartByPartEachWhole(t *testing.T) {
	for name, compressing := range map[string]bool{"plain": false, "from a host that could compress": true} {
		t.Run(name, func(t *testing.T) {
			sim, client := simulate(t, func(a *githubsim.Account) { a.Shards, a.Gzip = 3, compressing })
			for kind, want := range map[reports.Kind]int{reports.PerUser: 3, reports.Aggregate: 1} {
				parts, err := report(t.Context(), client, org, kind)
				check(t, err, "")
				if len(parts) != want {
					t.Fatalf("%s: %d parts, want %d", kind, len(parts), want)
				}
				for i, part := range parts {
					if !strings.HasPrefix(part, "{") || !strings.HasSuffix(part, "}\n") {
						t.Errorf("%s: part %d is not whole", kind, i)
					}
				}
			}
			for _, call := range sim.Calls() {
				if download := strings.HasPrefix(call.Path, "/_reports/"); call.Authorized == download {
					t.Errorf("%s: sent with the token: %v", call.Path, call.Authorized)
				}
			}
		})
	}
	client := connect(t, reporting(t, respond(200, "one"), respond(200, ""), respond(200, "three")).URL)
	parts, err := report(t.Context(), client, org, reports.PerUser)
	check(t, err, "")
	if diff := cmp.Diff([]string{"one", "", "three"}, parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestEachAccountAndKindHasItsOwnReport(t *testing.T) {
	for _, test := range []struct {
		account copilot.Account
		kind    reports.Kind
		want    string
	}{
		{org, reports.Aggregate, "/orgs/octo-test/copilot/metrics/reports/organization-1-day?day=2026-11-20"},
		{org, reports.PerUser, "/orgs/octo-test/copilot/metrics/reports/users-1-day?day=2026-11-20"},
		{enterprise, reports.Aggregate, "/enterprises/octo-test/copilot/metrics/reports/enterprise-1-day?day=2026-11-20"},
		{enterprise, reports.PerUser, "/enterprises/octo-test/copilot/metrics/reports/users-1-day?day=2026-11-20"},
	} {
		gh := serve(t, respond(http.StatusNoContent, ""))
		_, err := report(t.Context(), connect(t, gh.URL), test.account, test.kind)
		check(t, err, fault.NoReport)
		if got := gh.seen()[0].URL.String(); got != test.want {
			t.Errorf("requested %s, want %s", got, test.want)
		}
	}
}

func TestEveryAnswerThatMeansNoReport(t *testing.T) {
	for name, form := range map[string]githubsim.NoReport{
		"204": githubsim.NoReportNoContent, "empty links": githubsim.NoReportEmptyLinks,
		"sentence": githubsim.NoReportSentence, "empty string": githubsim.NoReportEmptyString,
		"empty body": githubsim.NoReportEmptyBody, "404": githubsim.NoReportNotFound, "dead link": githubsim.NoReportDeadLink,
	} {
		t.Run(name, func(t *testing.T) {
			want := fault.NoReport
			switch form {
			case githubsim.NoReportNotFound:
				want = fault.NotFound
			case githubsim.NoReportDeadLink:
				want = fault.LinkAbsent
			default: // GitHub says it in a form of its own
			}
			_, client := simulate(t, func(a *githubsim.Account) {
				a.NoReport, a.MissingDays = form, []string{day.String()}
			})
			for _, kind := range []reports.Kind{reports.Aggregate, reports.PerUser} {
				parts, err := report(t.Context(), client, org, kind)
				check(t, err, want)
				if len(parts) != 0 {
					t.Errorf("%s: %d parts", kind, len(parts))
				}
			}
		})
	}
}

func TestAReportWithMissingPartsIsBroken(t *testing.T) {
	here, gone := respond(200, "{}"), respond(404, "<Error><Code>BlobNotFound</Code></Error>")
	for name, test := range map[string]struct {
		parts []http.HandlerFunc
		want  fault.Code
	}{
		"all gone":   {[]http.HandlerFunc{gone, gone}, fault.LinkAbsent},
		"first gone": {[]http.HandlerFunc{gone, here, here}, fault.ReportBroken},
		"last gone":  {[]http.HandlerFunc{here, here, gone}, fault.ReportBroken},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := report(t.Context(), connect(t, reporting(t, test.parts...).URL), org, reports.PerUser)
			check(t, err, test.want)
		})
	}
}

func TestAnExpiredLinkHasItsOwnCode(t *testing.T) {
	for _, status := range []int{401, 403, 410} {
		_, err := report(t.Context(), connect(t, reporting(t, respond(status, "<Error/>")).URL), org, reports.PerUser)
		check(t, err, fault.LinkRefused)
	}
}

func TestALimitOfTheReportHostStopsTheDownloads(t *testing.T) {
	gh := reporting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	client := connect(t, gh.URL)
	for range 2 {
		_, err := report(t.Context(), client, org, reports.PerUser)
		check(t, err, fault.RateLimited)
		e := asError(t, err)
		if e.RetryAfter != 90*time.Second {
			t.Errorf("retry after %s", e.RetryAfter)
		}
		if !strings.HasPrefix(e.Err.Error(), "the report's host ") || e.Hint != "" {
			t.Errorf("reported as a limit of the API: %v %s", e, e.Hint)
		}
	}
	if len(gh.seen()) != 3 { // the API still answers
		t.Errorf("%d calls were made", len(gh.seen()))
	}
}

func TestAReaderThatStopsStopsTheReport(t *testing.T) {
	gh := reporting(t, respond(200, "{}"), respond(200, "{}"))
	enough := errors.New("enough")
	err := read(t.Context(), connect(t, gh.URL), org, reports.PerUser, func(io.Reader) error { return enough })
	if !errors.Is(err, enough) || len(gh.seen()) != 2 {
		t.Errorf("%d calls: %v", len(gh.seen()), err)
	}
}
