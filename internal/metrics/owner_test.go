package metrics_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// reader has the methods that both readers of a report share.
type reader interface {
	AccountID() string
}

// readOwned reads a report in parts of one line each, as the aggregate or the per-user report of an owner.
func readOwned(kind reports.Kind, owner metrics.Owner, parts ...string) (reader, error) {
	aggregate := metrics.NewAggregateReader(date, owner)
	users := metrics.NewUsersReader(date, owner, new(metrics.Roster).Add)
	for _, part := range parts {
		if kind == reports.PerUser {
			if err := users.ReadPart(bytes.NewReader([]byte(part))); err != nil {
				return users, err
			}
		} else if err := aggregate.ReadPart(bytes.NewReader([]byte(part))); err != nil {
			return aggregate, err
		}
	}
	if kind == reports.PerUser {
		return users, nil
	}
	return aggregate, nil
}

func TestAReportOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	const mine, anothers = "12345", "99999"
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		idField, otherField := "organization_id", "enterprise_id"
		if scope == copilot.Enterprise {
			idField, otherField = otherField, idField
		}
		for _, kind := range []reports.Kind{reports.Aggregate, reports.PerUser} {
			line := func(fields string) string {
				if kind == reports.PerUser {
					return `{"user_id":7` + fields + "}\n"
				}
				return `{"day":"2026-11-18","daily_active_users":1` + fields + "}\n"
			}
			id := func(field, id string) string { return `,"` + field + `":` + id }
			for _, test := range []struct {
				name    string
				expects string // the id that is known before
				parts   []string
				refused bool
				told    string // the id that is known after
			}{
				{"the account's own", mine, []string{line(id(idField, mine))}, false, mine},
				{"the account's own id in quotes", mine, []string{line(id(idField, `"`+mine+`"`))}, false, mine},
				{"no id", mine, []string{line("")}, false, mine},
				{"null", mine, []string{line(id(idField, "null"))}, false, mine},
				{"an empty id", mine, []string{line(id(idField, `""`))}, false, mine},
				{"another's", mine, []string{line(id(idField, anothers))}, true, mine},
				{"another account's id in quotes", mine, []string{line(id(idField, `"`+anothers+`"`))}, true, mine},
				{"one row of another account", mine, []string{line(id(idField, mine)) + line(id(idField, anothers))}, true, mine},
				{"another account's id in a later part", mine, []string{line(id(idField, mine)), line(id(idField, anothers))}, true, mine},
				{"no id is known, and rows agree", "", []string{line(id(idField, mine)), line(id(idField, `"`+mine+`"`)), line("")}, false, mine},
				{"no id is known, and rows differ", "", []string{line(id(idField, mine)), line(id(idField, anothers))}, true, mine},
				{"no id is known, and no row has one", "", []string{line("")}, false, ""},
				{"the id of an account of the other scope", mine, []string{line(id(idField, mine) + id(otherField, anothers))}, false, mine},
				{"an array of rows", mine, []string{"[" + strings.TrimSpace(line(id(idField, mine))) + "," + strings.TrimSpace(line(id(idField, anothers))) + "]"}, true, mine},
			} {
				t.Run(fmt.Sprintf("%s %s: %s", scope, kind, test.name), func(t *testing.T) {
					t.Parallel()
					read, err := readOwned(kind, metrics.Owner{Scope: scope, ID: test.expects}, test.parts...)
					if got := read.AccountID(); got != test.told {
						t.Errorf("the reader's id is %q, want %q", got, test.told)
					}
					if fault.Is(err, fault.OtherAccount) != test.refused || !test.refused && err != nil {
						t.Errorf("got %v, want refused %v", err, test.refused)
					}
				})
			}
		}
	}
}

func TestEachDayOfALongerReportMustBeOfTheAccount(t *testing.T) {
	t.Parallel()
	day := `{"day":"2026-11-18","daily_active_users":1%s}`
	for name, report := range map[string]string{
		"around the days": `{"organization_id":"99999","day_totals":[` + fmt.Sprintf(day, "") + `]}`,
		"in a day":        `{"day_totals":[` + fmt.Sprintf(day, `,"organization_id":99999`) + `]}`,
		"in another day":  `{"day_totals":[` + fmt.Sprintf(day, "") + `,{"day":"2026-11-17","organization_id":99999}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readOwned(reports.Aggregate, metrics.Owner{Scope: copilot.Organization, ID: "12345"}, report)
			if !fault.Is(err, fault.OtherAccount) {
				t.Errorf("got %v, want code other_account", err)
			}
		})
	}
}

func TestAnInvalidIDBreaksTheReport(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"-1", "1.5", "1e3", `"x"`, `"0012345"`, `"+1"`, `"1 2"`, "true", "{}", "[1]", strings.Repeat("9", 20)} {
		for kind, line := range map[reports.Kind]string{
			reports.Aggregate: `{"day":"2026-11-18","daily_active_users":1,"organization_id":` + id + "}",
			reports.PerUser:   `{"user_id":7,"organization_id":` + id + "}",
		} {
			if _, err := readOwned(kind, metrics.Owner{Scope: copilot.Organization}, line); !fault.Is(err, fault.ReportBroken) {
				t.Errorf("%s with %s gives %v", kind, id, err)
			}
		}
	}
}

// Names are compared exactly. encoding/json would accept each of these as the field.
func TestAFieldWithAnotherSpellingIsIgnored(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Daily_Active_Users", "DAILY_ACTIVE_USERS", "daily_active_u\u017fers", "daily-active-users", " daily_active_users"} {
		usage, err := readUsage(record(`"daily_active_users":3,"` + name + `":424242`))
		if err != nil || *usage.ActiveUsers != 3 {
			t.Errorf("%q counts as a field: %v, %v", name, usage, err)
		}
	}
}
