package verify_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestARateLimitStopsVerifyAndSaysWhenToRetry(t *testing.T) {
	t.Parallel()
	for _, form := range []githubsim.RateLimit{
		githubsim.PrimaryForbidden, githubsim.PrimaryTooManyRequests,
		githubsim.SecondaryForbiddenRetry, githubsim.SecondaryForbidden, githubsim.SecondaryTooManyRequests,
	} {
		for _, before := range []int64{0, 1, 5, 20} {
			t.Run(fmt.Sprintf("form %d after %d calls", form, before), func(t *testing.T) {
				w := newWorld(t, octo())
				limit := w.github.RateLimited(form)
				var calls, refused atomic.Int64
				w.github.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
					if calls.Add(1) <= before || !limit(rw, r) {
						return false
					}
					refused.Add(1)
					return true
				})
				result := w.verify(copilot.Organization, "octo", classic)
				c := check(t, result, verify.CheckReach)
				if result.OK || c.Status != fail || !strings.Contains(*c.Remedy, "UTC on 22 November") {
					t.Errorf("the check is %+v, want a failure with a time", c)
				}
				if n := refused.Load(); n == 0 || n > 15 {
					t.Errorf("%d calls were made after the limit", n)
				}
			})
		}
	}
}

func TestVerifySaysThatGitHubIsDown(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]interceptor{
		"503": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		},
		"connections that break": func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
		"a page instead of an answer": func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, "<html>Sign in to the guest network</html>")
			return true
		},
		"a redirect elsewhere": func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, octo())
			w.github.Intercept(answer)
			result := w.verify(copilot.Organization, "octo", classic)
			if c := check(t, result, verify.CheckReach); result.OK || c.Status != fail || c.Remedy == nil {
				t.Errorf("the check of the connection is %+v, want a failure with a remedy", c)
			}
			if c := check(t, result, verify.CheckToken); c.Status != skip {
				t.Errorf("a check of the token ran: %+v", c)
			}
		})
	}
}

// spoil answers the requests for one day's report and for its files.
func spoil(kind, day string, answer http.HandlerFunc) interceptor {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, kind+"-1-day") || r.URL.Query().Get("day") != day {
			return false
		}
		answer(w, r)
		return true
	}
}

func links(urls ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"download_links":["%s"]}`, strings.Join(urls, `","`)) //nolint:gosec // no browser reads it
	}
}

func TestADayThatIsReadInPartShowsNothingAndSaysWhy(t *testing.T) {
	t.Parallel()
	const day, index = "2026-11-12", 4
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"a link to another host":  {links("https://evil.example/report?sig=CANARY"), "report hosts"},
		"a link into the network": {links("http://169.254.169.254/latest?sig=CANARY"), "https"},
		"a sentence":              {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `"soon"`) }, "sentence"},
		"another day's report": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"download_links":["http://127.0.0.1:1/x"],"report_day":"2026-11-11"}`)
		}, "another day"},
		"a report host that is down": {links("http://127.0.0.1:1/x?sig=CANARY"), "refused"},
	} {
		for _, kind := range []string{"organization", "users"} {
			t.Run(name+" for "+kind, func(t *testing.T) {
				w := newWorld(t, octo())
				want := w.verify(copilot.Organization, "octo", classic)
				w.github.Intercept(spoil(kind, day, test.answer))
				got := w.verify(copilot.Organization, "octo", classic)

				id := verify.CheckUsage
				if kind == "users" {
					id = verify.CheckUsers
				}
				c := check(t, got, id)
				if !got.OK || c.Status != warn || !strings.Contains(c.Detail, day) || !strings.Contains(c.Detail, test.says) {
					t.Errorf("the check is %+v, want a warning about %s that says %q", c, day, test.says)
				}
				if strings.Contains(c.Detail, "CANARY") {
					t.Errorf("the detail contains a signed link: %s", c.Detail)
				}
				spoilt := got.Preview.Days[index]
				if spoilt.EngagedUsers != nil || spoilt.CreditsUsed != nil {
					t.Errorf("the preview shows people of an unread report: %+v", spoilt)
				}
				if kind == "organization" && (spoilt.State != metrics.Pending || spoilt.Completions != nil || spoilt.FetchedAt != nil || spoilt.Revision != 0) {
					t.Errorf("the preview shows numbers of an unread report: %+v", spoilt)
				}
				if *got.Preview.Days[index+1].ActiveUsers != *want.Preview.Days[index+1].ActiveUsers {
					t.Error("another day has changed")
				}
				if kind == "users" && (got.Preview.Totals.ActiveUsers != nil || got.Preview.Totals.CreditsUsed != nil) {
					t.Errorf("the totals count people although one day is unknown: %+v", got.Preview.Totals)
				}
			})
		}
	}
}

func TestEveryFormOfNoReportMeansNotReady(t *testing.T) {
	t.Parallel()
	for _, form := range []githubsim.NoReport{
		githubsim.NoReportNoContent, githubsim.NoReportEmptyLinks, githubsim.NoReportSentence, githubsim.NoReportEmptyString,
		githubsim.NoReportNotFound, githubsim.NoReportEmptyBody, githubsim.NoReportDeadLink,
	} {
		for name, token := range map[string]string{"classic": classic, "fine-grained": fineGrained} {
			account := octo()
			account.NoReport, account.FirstDay = form, "2026-11-22"
			w := newWorld(t, account)
			result := w.verify(copilot.Organization, "octo", token)
			want := outcome{"usage": warn, "users": skip, "billing": skip}
			if form == githubsim.NoReportNotFound && token == fineGrained {
				want["permission"] = skip // a 404 can also mean that the reports are hidden
			}
			if got := statuses(result); !maps.Equal(got, want) {
				t.Errorf("form %v, %s: got %v, want %v", form, name, got, want)
			}
			if result.Preview == nil || result.Preview.Totals.DaysWithData != 0 || result.Preview.Days[13].State != metrics.Pending ||
				result.Preview.Days[0].State != metrics.Missing {
				t.Errorf("form %v, %s: got %+v", form, name, result.Preview)
			}
		}
	}
}

func TestMissingDaysAreStillExpectedOnlyWhileTheyAreNew(t *testing.T) {
	t.Parallel()
	account := octo()
	account.MissingDays = []string{"2026-11-09", "2026-11-21"}
	result := newWorld(t, account).verify(copilot.Organization, "octo", classic)
	c := check(t, result, verify.CheckUsage)
	if c.Status != pass || !strings.Contains(c.Detail, "2026-11-21 are still expected") || !strings.Contains(c.Detail, "none for 2026-11-09, and none is expected") {
		t.Errorf("the check of usage is %+v", c)
	}
}

func TestALatePerUserReportLeavesPeopleUnknown(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.UsersDelay = 40, 1 // so many that some work on a Saturday
	result := newWorld(t, account).verify(copilot.Organization, "octo", classic)
	yesterday := result.Preview.Days[13]
	if yesterday.ActiveUsers == nil || yesterday.EngagedUsers != nil || yesterday.CreditsUsed != nil {
		t.Errorf("yesterday is %+v, want active people, and engaged people and credits unknown", yesterday)
	}
	if c := check(t, result, verify.CheckUsers); c.Status != pass || !strings.Contains(c.Detail, "2026-11-21") {
		t.Errorf("the check of people is %+v, want it to pass and to name 2026-11-21", c)
	}
	if result.Preview.Totals.ActiveUsers != nil || result.Preview.Totals.DaysWithData != 14 {
		t.Errorf("the totals are %+v, want 14 days and active people unknown", result.Preview.Totals)
	}
}

func TestADayWithoutActivePeopleCountsZero(t *testing.T) {
	t.Parallel()
	account := octo()
	account.ZeroActive = true
	w := newWorld(t, account)
	w.github.Intercept(answers{{"/users-1-day", 204, "", nil}}.intercept)
	result := w.verify(copilot.Organization, "octo", classic)
	if got, want := statuses(result), (outcome{"usage": warn, "users": skip, "billing": skip}); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if totals := result.Preview.Totals; totals.DaysWithData != 14 || totals.ActiveUsers == nil || *totals.ActiveUsers != 0 || totals.CreditsUsed != nil {
		t.Errorf("the totals are %+v, want 14 days, nobody active, and credits unknown", totals)
	}
}

func TestTotalsCountTheDaysShown(t *testing.T) {
	t.Parallel()
	const day, index = "2026-11-12", 4
	w := newWorld(t, octo())
	want := w.verify(copilot.Organization, "octo", classic).Preview
	w.github.Intercept(spoil("organization", day, links("http://127.0.0.1:1/x")))
	got := w.verify(copilot.Organization, "octo", classic).Preview
	if got.Days[index].CreditsUsed != nil || got.Totals.DaysWithData != 13 {
		t.Fatalf("the preview is %+v, want 13 days with data", got)
	}
	if got, want := *got.Totals.CreditsUsed, *want.Totals.CreditsUsed-*want.Days[index].CreditsUsed; got != want {
		t.Errorf("the total is %v credits, the days shown have %v", got.Float(), want.Float())
	}
}

func TestAFailedDownloadIsNotReportedAsGitHubDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gitHub, verifier := distant(t, octo(), 0, 0)
		gitHub.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/_reports/") {
				return false
			}
			<-r.Context().Done()
			return true
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		result := verifier.Verify(ctx, request(copilot.Organization, "octo", classic))
		if got, want := statuses(result), (outcome{"usage": fail, "users": skip, "billing": skip}); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestDataThatTakesTooLongIsNullWithAReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gitHub, verifier := distant(t, octo(), 0, 0)
		gitHub.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("day") != "2026-11-12" {
				return false
			}
			<-r.Context().Done() // never answers
			return true
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		result := verifier.Verify(ctx, request(copilot.Organization, "octo", classic))
		if c := check(t, result, verify.CheckUsage); !result.OK || c.Status != warn ||
			!strings.Contains(c.Detail, "13 of the last 14") || !strings.Contains(c.Detail, "within the time that Verify has") {
			t.Errorf("the check is %+v", c)
		}
		if result.Preview.Days[4].ActiveUsers != nil || result.Preview.Days[5].ActiveUsers == nil {
			t.Errorf("the days are %+v, want only the slow one unknown", result.Preview.Days)
		}
	})
}

// silent is a GitHub that accepts every call and never answers.
type silent struct{ verify.GitHub }

func (silent) Close(context.Context) {}

func (silent) APIHost() string { return "api.github.com" }

func hang(ctx context.Context) error {
	<-ctx.Done()
	return &fault.Error{Code: fault.OutOfTime, Err: ctx.Err()}
}

func (silent) Identity(context.Context) (credential.Identity, error) {
	return credential.Identity{Login: "octo-owner"}, nil
}

func (silent) FindOrganization(ctx context.Context, _ string) (copilot.Profile, error) {
	return copilot.Profile{}, hang(ctx)
}

func (silent) OrganizationByID(ctx context.Context, _ string) (copilot.Profile, error) {
	return copilot.Profile{}, hang(ctx)
}

func (silent) Role(ctx context.Context, _ string) (credential.Role, error) {
	return credential.RoleUnknown, hang(ctx)
}

func (silent) Subscription(ctx context.Context, _ string) (copilot.Plan, error) {
	return copilot.PlanUnknown, hang(ctx)
}

func (silent) SeatsPausing(ctx context.Context, _ copilot.Account, _ int, _ func([]seat.Seat)) ([]seat.Seat, int, error) {
	return nil, 0, hang(ctx)
}

func (silent) Credits(ctx context.Context, _ copilot.Account, _ calendar.Date) (*cost.CreditBill, error) {
	return nil, hang(ctx)
}

func (silent) CreditsOf(ctx context.Context, _ copilot.Account, _ calendar.Date, _ cost.PartBill) (*cost.CreditBill, error) {
	return nil, hang(ctx)
}

func (silent) CostCenters(ctx context.Context, _ copilot.Account) ([]cost.PartBill, error) {
	return nil, hang(ctx)
}

func (silent) Budgets(ctx context.Context, _ copilot.Account) ([]cost.Budget, error) {
	return nil, hang(ctx)
}

func (silent) Report(ctx context.Context, _ copilot.Account, _ reports.Kind, _ calendar.Date) (reports.Report, error) {
	return nil, hang(ctx)
}

func TestVerifyAnswersWithin20SecondsWhateverGitHubDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		verifier := verify.Verifier{
			Connect: func(string, credential.Token) verify.GitHub { return silent{} },
			Now:     func() time.Time { return morning },
		}
		began := time.Now()
		result := verifier.Verify(t.Context(), request(copilot.Organization, "octo", classic))
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("Verify took %s", took)
		}
		if result.OK || len(result.Checks) != 14 {
			t.Errorf("the result is %+v, want a failure with 14 checks", result)
		}
	})
}
