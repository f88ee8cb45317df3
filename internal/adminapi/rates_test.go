//go:build !race

package adminapi_test

import (
	"math/big"
	"net/http"
	"strconv"
	"testing"
)

// rated is a row that shows how many of its suggestions were accepted.
type rated struct {
	Name                                string
	Suggested, Accepted, AcceptanceRate *float64
}

// check compares the rate exactly with its counts.
func (r rated) check(t *testing.T, where string) {
	t.Helper()
	want := "not known"
	if r.Suggested != nil && r.Accepted != nil && *r.Suggested > 0 {
		want = big.NewRat(int64(*r.Accepted), int64(*r.Suggested)).FloatString(4)
	}
	got := "not known"
	if r.AcceptanceRate != nil {
		got = strconv.FormatFloat(*r.AcceptanceRate, 'f', 4, 64)
	}
	if got != want {
		t.Errorf("%s %s: the rate is %s, want %s", where, r.Name, got, want)
	}
}

// ratedUsage is a day or a total, with all rows that have a rate.
type ratedUsage struct {
	Completions *struct {
		rated
		ByEditor, ByLanguage, ByModel struct{ Rows []rated }
	}
}

func TestEachRateIsShownBesideItsCounts(t *testing.T) {
	t.Parallel()
	a, path := busySaved.serve(t)
	shown := decode[struct {
		Days   []ratedUsage
		Totals ratedUsage
	}](t, a.send(http.MethodGet, path+"/usage", ""))
	preview := decode[struct {
		Preview struct {
			Days   []ratedUsage
			Totals ratedUsage
		}
	}](t, a.verify(octoForm())).Preview
	languages, models := 0, 0
	for where, list := range map[string][]ratedUsage{
		"days": shown.Days, "totals": {shown.Totals}, "preview": preview.Days, "totals of the preview": {preview.Totals},
	} {
		for _, u := range list {
			u.Completions.check(t, where)
			for _, row := range append(u.Completions.ByLanguage.Rows, u.Completions.ByModel.Rows...) {
				row.check(t, where)
			}
			for _, row := range u.Completions.ByEditor.Rows {
				if row.AcceptanceRate != nil {
					t.Errorf("%s: the rate of %s, in all features, is %v", where, row.Name, *row.AcceptanceRate)
				}
			}
			languages, models = languages+len(u.Completions.ByLanguage.Rows), models+len(u.Completions.ByModel.Rows)
		}
	}
	users := decode[struct{ Users []rated }](t, a.send(http.MethodGet, path+"/users", "")).Users
	for _, user := range users {
		user.check(t, "users")
	}
	if languages == 0 || models == 0 || len(users) == 0 {
		t.Errorf("there are %d languages, %d models and %d users", languages, models, len(users))
	}
}
