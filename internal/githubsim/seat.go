package githubsim

import "time"

type seat struct {
	CreatedAt           string      `json:"created_at"`
	UpdatedAt           string      `json:"updated_at"`
	PendingCancellation *string     `json:"pending_cancellation_date"`
	LastActivityAt      *string     `json:"last_activity_at"`
	LastActivityEditor  *string     `json:"last_activity_editor"`
	LastAuthenticatedAt *string     `json:"last_authenticated_at"`
	PlanType            Plan        `json:"plan_type"`
	Assignee            *profile    `json:"assignee"`
	AssigningTeam       *team       `json:"assigning_team"`
	Organization        *orgSummary `json:"organization,omitempty"`
}

type team struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Slug    string `json:"slug"`
	HTMLURL string `json:"html_url"`
}

// grant is one assignment of a seat. An enterprise lists one object for each grant, so a person may be listed twice.
type grant struct {
	user    int // the person, or nobody if the seat is not assigned yet
	through int // the index of the granting organization
}

const nobody = -1

// granters are the organizations of an enterprise that grant seats. The last one has the other plan, so a person with two grants
// may have two plans.
var granters = []string{"platform", "apps", "partners"}

// throughOf returns the organization of a person's first seat. The person's spending is billed to it.
func throughOf(user int) int {
	if user%5 == 4 {
		return len(granters) - 1
	}
	return user % 2
}

// granter returns the login of a granting organization of an enterprise.
func (a *Account) granter(through int) string { return a.Slug + "-" + granters[through] }

func (p population) grants() []grant {
	grants := make([]grant, 0, p.everybody()+p.account.UnassignedSeats)
	for user := range p.everybody() {
		through := throughOf(user)
		grants = append(grants, grant{user, through})
		if p.account.Kind == Enterprise && user%7 == 3 {
			grants = append(grants, grant{user, (through + 1) % len(granters)})
		}
	}
	for range p.account.UnassignedSeats {
		grants = append(grants, grant{nobody, 0})
	}
	return grants
}

func (p population) seat(g grant, today day) seat {
	created := p.seatCreated(g.user, today)
	one := seat{
		CreatedAt: created.Format(time.RFC3339),
		UpdatedAt: created.Add(30 * time.Hour).Format(time.RFC3339),
		PlanType:  p.account.Plan,
	}
	organization := p.account.orgSummary()
	if p.account.Kind == Enterprise {
		organization = orgSummaryOf(p.account.granter(g.through))
		one.PlanType = p.planThrough(g)
	}
	one.Organization = &organization
	if g.user == nobody {
		return one
	}
	assignee := profileOf(personLogin(g.user), personID(g.user))
	one.Assignee = &assignee
	if g.user%4 != 0 {
		slug := homes[g.user%3]
		one.AssigningTeam = &team{
			ID: entityID("team/" + organization.Login + "/" + slug), Name: slug, Slug: slug,
			HTMLURL: "https://github.com/orgs/" + organization.Login + "/teams/" + slug,
		}
	}
	if p.leaving(g.user) {
		date := firstOfNextMonth(today).Format(time.DateOnly)
		one.PendingCancellation = &date
	}
	if at, ok := p.lastActivity(g.user, today); ok {
		activity := at.Format(time.RFC3339)
		editor := releases[p.person(g.user).editor].seat
		one.LastActivityAt, one.LastAuthenticatedAt, one.LastActivityEditor = &activity, &activity, &editor
	}
	return one
}

func (p population) planThrough(g grant) Plan {
	switch {
	case g.through != len(granters)-1 || p.account.Plan == PlanUnknown:
		return p.account.Plan
	case p.account.Plan == PlanBusiness:
		return PlanEnterprise
	}
	return PlanBusiness
}

func (p population) leaving(user int) bool {
	return user%40 == 11
}

func firstOfNextMonth(today day) time.Time {
	t := today.midnight()
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}
