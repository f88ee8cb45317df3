package verify_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// answers replaces GitHub's answer for paths that match.
type answers []struct {
	path    string
	status  int
	body    string
	headers []string
}

func (a answers) intercept(w http.ResponseWriter, r *http.Request) bool {
	for _, answer := range a {
		if !regexp.MustCompile(answer.path).MatchString(r.URL.Path) {
			continue
		}
		for i := 0; i < len(answer.headers); i += 2 {
			w.Header().Set(answer.headers[i], answer.headers[i+1])
		}
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
		return true
	}
	return false
}

const (
	reportCalls  = "/copilot/metrics/reports/"
	copilotCalls = "/copilot/"
	role         = "^/user/memberships/"
	missing      = `{"message":"Not Found"}`
	files        = "^/_reports/"
)

func scoped(scope string) githubsim.Token {
	token := owner(classic)
	token.Scopes = []string{scope}
	return token
}

// GitHub answers 404 and 403 for several causes. Its other answers decide between them. Where none decides, Verify names both
// causes.
func TestOtherAnswersDecideAnAmbiguousOne(t *testing.T) {
	t.Parallel()
	none := outcome{"policy": skip, "usage": skip, "users": skip, "seats": skip, "billing": skip}
	and := func(base outcome, more outcome) outcome {
		all := maps.Clone(base)
		maps.Copy(all, more)
		return all
	}
	for name, test := range map[string]struct {
		token   githubsim.Token
		answers answers
		oneDay  answers // only for 12 November
		want    outcome
		says    string // part of a check that fails or warns
	}{
		"404 for the owner of the token": {
			answers: answers{{"^/user$", 404, missing, nil}},
			want:    and(none, outcome{"reach": fail, "token": skip, "expiry": skip, "permission": skip, "sso": skip, "account": skip}), says: "Not Found",
		},
		"422 for the owner of the token": {
			answers: answers{{"^/user$", 422, `{"message":"payment"}`, nil}},
			want:    and(none, outcome{"reach": fail, "token": skip, "expiry": skip, "permission": skip, "sso": skip, "account": skip}), says: "payment",
		},
		"reports 404, and a scope that opens seats only": {
			token:   scoped("manage_billing:copilot"),
			answers: answers{{reportCalls, 404, missing, nil}},
			want:    outcome{"permission": fail, "policy": skip, "usage": skip, "users": skip}, says: "read:org",
		},
		"reports 404 to a fine-grained token that sees seats": {
			token:   owner(fineGrained),
			answers: answers{{reportCalls, 404, missing, []string{"X-Accepted-GitHub-Permissions", "organization_copilot_metrics=read"}}},
			want:    outcome{"permission": skip, "usage": warn, "users": skip, "billing": skip}, says: "Organization Copilot metrics: read",
		},
		"everything of Copilot 404, and no scope": {
			token:   scoped("repo"),
			answers: answers{{copilotCalls, 404, missing, nil}, {role, 200, `{"state":"active","role":"admin"}`, nil}},
			want:    and(none, outcome{"permission": fail}), says: "read:org",
		},
		"everything of Copilot 404 to a fine-grained token of an owner": {
			token:   owner(fineGrained),
			answers: answers{{copilotCalls, 404, missing, nil}, {role, 200, `{"state":"active","role":"admin"}`, nil}},
			want:    and(none, outcome{"permission": fail}), says: "there is no Copilot Business or Enterprise",
		},
		"everything of Copilot 404, and the role is unknown": {
			answers: answers{{copilotCalls, 404, missing, nil}, {role, 403, `{"message":"no"}`, nil}},
			want:    and(none, outcome{"account": fail}), says: "is not an owner",
		},
		"no seats, no plan, and reports 404": {
			answers: answers{
				{reportCalls, 404, missing, nil},
				{"/copilot/billing$", 200, `{"seat_breakdown":{"total":0}}`, nil},
				{"/copilot/billing/seats", 200, `{"total_seats":0,"seats":[]}`, nil},
			},
			want: outcome{"account": fail, "policy": skip, "usage": skip, "users": skip, "billing": skip}, says: "no Copilot Business or Enterprise",
		},
		"no seats, but GitHub says there is no report yet": {
			answers: answers{
				{reportCalls, 204, "", nil},
				{"/copilot/billing$", 200, `{"plan_type":"standalone"}`, nil},
				{"/copilot/billing/seats", 200, `{"total_seats":0,"seats":[]}`, nil},
			},
			want: outcome{"usage": warn, "users": skip, "seats": warn, "billing": skip}, says: "no report for any",
		},
		"policy off, and no scope either": {
			token:   scoped("repo"),
			answers: answers{{reportCalls, 403, `{"message":"The 'Copilot usage metrics' policy must be enabled to use this API"}`, nil}},
			want:    and(none, outcome{"permission": fail, "policy": fail, "account": skip}), says: "read:org",
		},
		"single sign-on told by 404": {
			answers: answers{{"^/orgs/octo", 404, missing, []string{"X-GitHub-SSO", "required; url=https://github.com/orgs/octo/sso?x=CANARY"}}},
			want:    and(none, outcome{"sso": fail, "account": skip}), says: "Configure SSO",
		},
		"an organization that hides itself but answers everything": {
			answers: answers{{"^/orgs/octo$", 404, missing, nil}},
			want:    outcome{"billing": skip},
		},
		"an invitation": {
			answers: answers{{copilotCalls, 403, `{"message":"Insufficient permissions."}`, nil}, {role, 200, `{"state":"pending","role":"admin"}`, nil}},
			want:    and(none, outcome{"account": fail}), says: "/orgs/octo/invitation",
		},
		"an IP allow list": {
			answers: answers{{reportCalls, 403, `{"message":"The organization has an IP allow list enabled, and your IP address is not permitted"}`, nil}},
			want:    outcome{"policy": skip, "usage": fail, "users": skip, "billing": skip}, says: "to the IP allow list",
		},
		"a version that GitHub has retired": {
			answers: answers{{reportCalls, 410, `{"message":"Gone"}`, nil}},
			want:    outcome{"policy": skip, "usage": fail, "users": skip, "billing": skip}, says: "or the connector needs an update",
		},
		"every report fails": {
			answers: answers{{reportCalls, 503, "", nil}},
			want:    outcome{"reach": fail, "policy": skip, "sso": skip, "usage": skip, "users": skip, "billing": skip, "account": skip}, says: "status 503",
		},
		"most days without a report, and one that GitHub fails to answer for": {
			answers: answers{{reportCalls, 204, "", nil}}, oneDay: answers{{reportCalls, 500, "", nil}},
			want: outcome{"usage": warn, "users": skip, "billing": skip}, says: "2026-11-12: it answered with status 500",
		},
		"most days 404, and one that GitHub fails to answer for": {
			answers: answers{{reportCalls, 404, missing, nil}}, oneDay: answers{{reportCalls, 500, "", nil}},
			want: outcome{"usage": warn, "users": skip, "billing": skip}, says: "no report for most",
		},
		"an owner, and nothing that decides what a 404 means": {
			answers: answers{{"/copilot/billing", 500, "", nil}, {reportCalls, 404, missing, nil}},
			want:    outcome{"policy": skip, "usage": fail, "users": skip, "seats": skip, "billing": skip}, says: "could not be read",
		},
		"links that have expired": {
			answers: answers{{files, 403, "", nil}},
			want:    outcome{"usage": fail, "users": skip, "billing": skip}, says: "fresh links",
		},
		"per-user reports refused": {
			answers: answers{{"/users-1-day", 403, `{"message":"Insufficient permissions."}`, nil}},
			want:    outcome{"users": warn, "billing": skip}, says: "An owner signs in to GitHub",
		},
	} {
		t.Run(name, func(t *testing.T) {
			account := octo()
			if test.token.Value != "" {
				account.Tokens = []githubsim.Token{test.token}
			}
			w := newWorld(t, account)
			w.github.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
				return r.URL.Query().Get("day") == "2026-11-12" && test.oneDay.intercept(rw, r) || test.answers.intercept(rw, r)
			})
			result := w.verify(copilot.Organization, "octo", account.Tokens[0].Value)
			if got := statuses(result); !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			mustSay(t, result, test.says)
		})
	}
}

// mustSay requires the words in a check that fails or warns.
func mustSay(t *testing.T, result verify.Result, words string) {
	t.Helper()
	said := ""
	for _, c := range result.Checks {
		if c.Status == fail || c.Status == warn {
			said += c.Detail + " " + *c.Remedy + "\n"
		}
	}
	if !strings.Contains(said, words) || strings.Contains(said, "CANARY") {
		t.Errorf("%q does not say %q", said, words)
	}
}

func TestARateLimitOfTheReportHostIsReportedAsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	var refused atomic.Int64
	w.github.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		limited := answers{{files, 429, "", []string{"Retry-After", "600"}}}.intercept(rw, r)
		if limited {
			refused.Add(1)
		}
		return limited
	})
	result := w.verify(copilot.Organization, "octo", classic)
	if c := check(t, result, verify.CheckReach); c.Status != fail || !strings.Contains(*c.Remedy, "09:11 UTC") {
		t.Errorf("the check of the connection is %+v, want a failure until 09:11 UTC", c)
	}
	if n := refused.Load(); n == 0 || n > 15 {
		t.Errorf("%d downloads were tried after the limit", n)
	}
}

func TestTooManySeatsToListAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, octo())
	for announced, until := range map[int]string{
		10_001: "is not known before the connector is saved and its first poll is over.",
		80_000: "is not known before the connector is saved and its first poll is over.",
		80_001: "stays unknown: polls list 80000 at most.",
	} {
		w.github.Intercept(answers{{"/copilot/billing/seats", 200, fmt.Sprintf(`{"total_seats":%d,"seats":[{}]}`, announced), nil}}.intercept)
		result := w.verify(copilot.Organization, "octo", classic)
		want := fmt.Sprintf("%d people have a seat by GitHub's count, too many to list here: how many are idle, never used or given up, and what they cost, ", announced)
		if c := check(t, result, verify.CheckSeats); c.Status != pass || c.Detail != want+until {
			t.Errorf("the check of the seats is %+v, want %q", c, want+until)
		}
		if seats := result.Preview.Seats; seats.Total != announced || seats.MonthlyCost != nil || seats.Idle.Count != nil || seats.PendingCancellation.Count != nil {
			t.Errorf("the preview shows the seats %+v", seats)
		}
	}
}

func TestSeatsThatGitHubCountsButDoesNotListAreReported(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		detail           string
		total, notListed int
	}{
		`{"total_seats":3,"seats":[{"assignee":{"id":1}},{"assignee":{"id":2}}]}`: {"2 people have a seat: 2 on Copilot Business. GitHub announces 1 more that it does not list.", 2, 1},
		`{"total_seats":9,"seats":[{"assignee":{"id":1}},{}]}`:                    {"2 seats, of which nobody has taken 1 yet: 2 on Copilot Business. GitHub announces 7 more that it does not list.", 2, 7},
		`{"total_seats":1,"seats":[{"assignee":{"id":1}},{"assignee":{"id":1}}]}`: {"1 person has a seat: 1 on Copilot Business.", 1, 0},
		`{"total_seats":3,"seats":[]}`:                                            {"3 people have a seat by GitHub's count, but it lists none.", 0, 3},
	} {
		w := newWorld(t, octo())
		w.github.Intercept(answers{{"/copilot/billing/seats", 200, body, nil}}.intercept)
		result := w.verify(copilot.Organization, "octo", classic)
		if c := check(t, result, verify.CheckSeats); c.Status != pass || c.Detail != want.detail {
			t.Errorf("the check of the seats is %+v, want %q", c, want.detail)
		}
		if seats := result.Preview.Seats; seats.Total != want.total || *seats.NotListed != want.notListed {
			t.Errorf("the preview shows the seats %+v", seats)
		}
	}
}

func TestSeatsAreCountedWhenALaterPageFails(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats = 250
	w := newWorld(t, account)
	w.github.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		return r.URL.Query().Get("page") == "3" && answers{{"/seats$", 500, "", nil}}.intercept(rw, r)
	})
	result := w.verify(copilot.Organization, "octo", classic)
	if c := check(t, result, verify.CheckSeats); !result.OK || c.Status != warn || !strings.Contains(c.Detail, "250 people") {
		t.Errorf("the check of the seats is %+v, want a warning about 250 people", c)
	}
	if seats := result.Preview.Seats; seats == nil || seats.Total != 250 || seats.Idle.Count != nil {
		t.Errorf("the seats are %+v, want 250 and no count of idle seats", seats)
	}
}
