//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// year tells a connector's story by the mornings on which something happens.
type year struct {
	*app
	told []string // "day: subject" of each mail
	seen int
}

// morning does what both schedules do on that day of the story.
func (y *year) morning(day int) {
	y.t.Helper()
	at := time.Date(2026, 11, 22+day, 6, 0, 0, 0, time.UTC)
	y.Set(at)
	if _, err := y.Parts.Poller().Poll(y.t.Context(), at); err != nil {
		y.t.Fatal(err)
	}
	y.drain()
	y.Set(at.Add(time.Hour))
	for range 2 { // a schedule delivers at least once
		if _, err := y.Parts.Reminder().Remind(y.t.Context(), at.Add(time.Hour)); err != nil {
			y.t.Fatal(err)
		}
	}
	y.note(day)
}

// note records the mails sent since the last call.
func (y *year) note(day int) {
	for _, mail := range y.Post.ToOperators[y.seen:] {
		y.told = append(y.told, fmt.Sprintf("%d: %s", day, mail.Subject))
		y.checkSecrets("mail", mail.Subject+mail.Body)
	}
	y.seen = len(y.Post.ToOperators)
}

func (y *year) mornings(from, to int) {
	y.t.Helper()
	for day := from; day <= to; day++ {
		y.morning(day)
	}
}

func (y *year) mustBe(path, status string) {
	y.t.Helper()
	if c := decode[connectorAnswer](y.t, y.send(http.MethodGet, path, "")); c.Status != status {
		y.t.Errorf("the connector is %s, want %s", c.Status, status)
	}
}

func TestAYearOfAConnector(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats = 4
	next := account.Tokens[0]
	next.Value, next.ExpiresAt = successor, noon.AddDate(0, 0, 375)
	account.Tokens = append(account.Tokens, next)
	y := &year{app: start(t, account)}

	// The connector is saved.
	got := y.save(`{"token":"` + canary + `","scope":"organization","slug":"octo","notifyEmails":["a@example.com"]}`)
	if got.status != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", got.status, got.body)
	}
	path := got.header.Get("Location")
	y.drain()
	y.mornings(1, 2)
	y.mustBe(path, "active")

	// People are reminded and do nothing, until the token expires at noon of the 60th day.
	y.mornings(43, 61)
	y.mustBe(path, "expired")
	calls := len(y.github.CallsWith(canary))
	y.mornings(62, 66)
	if more := len(y.github.CallsWith(canary)) - calls; more != 5 {
		t.Errorf("with an expired token %d calls were made on 5 mornings", more)
	}

	// The token is rotated, and the poll that follows at once mends the connector.
	if got := y.send(http.MethodPut, path+"/token", `{"token":"`+successor+`"}`); got.status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	y.drain()
	y.note(66)
	y.mustBe(path, "active")
	shown := decode[struct{ Totals struct{ DaysWithData int } }](t, y.send(http.MethodGet, path+"/usage", ""))
	if shown.Totals.DaysWithData != 28 {
		t.Errorf("%d of the last 28 days are there", shown.Totals.DaysWithData)
	}

	// The policy is off for a week.
	y.github.Change(githubsim.Organization, "octo", func(a *githubsim.Account) { a.PolicyOff = true })
	y.mornings(67, 73)
	y.mustBe(path, "degraded")
	y.github.Change(githubsim.Organization, "octo", func(a *githubsim.Account) { a.PolicyOff = false })
	y.mornings(74, 75)
	y.mustBe(path, "active")

	// For months nothing runs. Then only the nearest reminder is sent.
	y.mornings(370, 371)

	want := []string{
		"46: GitHub token for octo expires in 14 days", // at seven, five hours more than 14 days are left
		"53: GitHub token for octo expires in 7 days",
		"57: GitHub token for octo expires in 3 days",
		"59: GitHub token for octo expires in 1 day",
		"61: GitHub token expired: no Copilot data for octo",
		"66: GitHub Copilot data is back for octo",
		"67: GitHub Copilot data has stopped for octo",
		"74: GitHub Copilot data is back for octo",
		"370: GitHub token for octo expires in 5 days",
		"372: GitHub token for octo expires in 3 days",
	}
	y.morning(372)
	if diff := cmp.Diff(want, y.told); diff != "" {
		t.Errorf("the mails of the year (-want +got):\n%s", diff)
	}
	ref := connector.Ref{Tenant: "acme", ID: path[strings.LastIndexByte(path, '/')+1:]}
	if private := len(y.Post.ToRecipients[ref]); private != len(want) || len(y.Post.ToRecipients) != 1 {
		t.Errorf("%d of %d mails went to the connector's own recipients", private, len(want))
	}

	// The connector is deleted, down to the last item.
	if got := y.send(http.MethodDelete, path, ""); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s, want 204", got.status, got.body)
	}
	if files, err := os.ReadDir(filepath.Join(y.Folder, assembled.TokensFolder)); err != nil || len(files) != 0 {
		t.Errorf("the vault holds %v (%v)", files, err)
	}
	y.drain()
	for _, partition := range []string{"connector#acme/" + ref.ID, "tenant#acme"} {
		for item, err := range y.store.Table.Query(t.Context(), store.Range{Partition: partition}) {
			t.Errorf("left behind: %v (%v)", item.Key, err)
		}
	}
	if len(y.Post.Subscribed) != 0 {
		t.Errorf("still subscribed: %v", y.Post.Subscribed)
	}
}
