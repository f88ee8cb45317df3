package githubsim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// teamsSince is the first day for which GitHub has user-teams reports.
var teamsSince = mustDay("2026-05-14")

// fewSeats is how many people with a seat a team must have. GitHub leaves smaller teams out of its reports.
const fewSeats = 5

// homes are the teams of which most people belong to exactly one at a time. The others have people of any home.
var homes = []string{"backend", "frontend", "data"}

const (
	guild    = "platform-guild"
	onCall   = "on-call"  // a week at a time
	handful  = "security" // too few people in all but large accounts
	reviewer = "reviewers"
)

// teamRow is one person's membership in one team on a day.
type teamRow struct {
	UserID         any    `json:"user_id"` // int64 mostly, now and then a string
	UserLogin      string `json:"user_login"`
	Day            string `json:"day"`
	OrganizationID string `json:"organization_id,omitempty"`
	EnterpriseID   string `json:"enterprise_id,omitempty"`
	TeamID         int64  `json:"team_id"`
	Slug           string `json:"slug"`
	pipeline
}

// teams lists the teams of a person on a day, also those that GitHub hides.
func (p population) teams(user int, on day) []string {
	var list []string
	if user%4 != 0 {
		home := user
		if p.dice.roll(user, lifelong, moving) < 0.3 { // moves on every few weeks
			home += (int(on) + user) / 24
		}
		list = append(list, homes[home%len(homes)])
	}
	if p.dice.roll(user, lifelong, guilds) < 0.2 {
		list = append(list, guild)
	}
	if (user+int(on)/7)%11 == 0 {
		list = append(list, onCall)
	}
	if user%97 == 5 {
		list = append(list, handful)
	}
	for revision := range p.account.RestatedTeams[on.String()] {
		if p.dice.roll(user, on, moving+matter(revision+1)<<8) < 0.2 && !slices.Contains(list, reviewer) {
			list = append(list, reviewer)
		}
	}
	return list
}

// visibleTeams are the teams that have enough people on a day.
func (p population) visibleTeams(on day) map[string]bool {
	people := map[string]int{}
	for user := range p.everybody() {
		for _, team := range p.teams(user, on) {
			people[team]++
		}
	}
	visible := map[string]bool{}
	for team, n := range people {
		visible[team] = n >= fewSeats
	}
	return visible
}

// writeTeams writes one part of a user-teams-1-day report: a row for each person and team, active or not.
func writeTeams(w io.Writer, p population, on day, part int) error {
	out := bufio.NewWriterSize(w, 64<<10)
	rows := json.NewEncoder(out)
	visible := p.visibleTeams(on)
	for user := range p.everybody() {
		if !p.inShard(user, on, part) {
			continue
		}
		for _, team := range p.teams(user, on) {
			if !visible[team] {
				continue
			}
			if err := rows.Encode(p.teamRow(user, on, team)); err != nil {
				return fmt.Errorf("write user-teams report: %w", err)
			}
		}
	}
	return out.Flush()
}

func (p population) teamRow(user int, on day, team string) teamRow {
	row := teamRow{
		UserID: personID(user), UserLogin: personLogin(user), Day: on.String(),
		TeamID: entityID("team/" + p.account.Slug + "/" + team), Slug: team, pipeline: pipelineOf(on),
	}
	if p.dice.roll(user, on, spelling) < 0.03 {
		row.UserID = strconv.FormatInt(personID(user), 10)
	}
	if p.account.Kind == Enterprise {
		row.EnterpriseID = p.account.idString()
	} else {
		row.OrganizationID = p.account.idString()
	}
	return row
}

// RestateTeams revises who was in which team on a day, YYYY-MM-DD. It is safe for concurrent use.
func (s *Server) RestateTeams(kind Kind, slug, date string) {
	s.Change(kind, slug, func(a *Account) { a.RestatedTeams[date]++ })
}

// WriteTeams writes one part of an account's user-teams-1-day report to w, whatever the account's settings say about when the report is
// ready. Parts are counted from zero.
func WriteTeams(w io.Writer, account Account, date string, part int) error {
	on, err := parseDay(date)
	if err != nil {
		return fmt.Errorf("write user-teams report: %w", err)
	}
	return writeTeams(w, populationOf(&account, on+1), on, part)
}
