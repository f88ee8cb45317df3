package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// maxAnnounced bounds the number of seats that we believe. No account has as many.
const maxAnnounced = 10_000_000

// seatsPerPage is the most that GitHub puts on one page.
const seatsPerPage = 100

// Subscription returns the organization's Copilot plan, which is unknown if GitHub names none. Enterprises have no such call.
// The error fault.Payment means that GitHub has trouble with the account's payment.
func (c *Client) Subscription(ctx context.Context, slug string) (copilot.Plan, error) {
	var billing struct {
		Plan string `json:"plan_type"`
	}
	_, err := c.getJSON(ctx, "read the Copilot subscription", "orgs/"+slug+"/copilot/billing", &billing)
	return cmp.Or(copilot.ParsePlan(billing.Plan), copilot.PlanUnknown), err
}

// Seats lists every grant of a seat, and returns how many people hold a seat by GitHub's own count, which may be more than it
// lists. A grant has the zero plan if GitHub names none. If one page cannot be read the list is nil; the count is returned
// with an error too, if the first page was read. More than maxPages pages are fault.TooMany.
func (c *Client) Seats(ctx context.Context, account copilot.Account, maxPages int) (grants []seat.Seat, announced int, err error) {
	return c.SeatsPausing(ctx, account, maxPages, func([]seat.Seat) {})
}

// SeatsPausing is Seats, with a pause after the first page.
func (c *Client) SeatsPausing(ctx context.Context, account copilot.Account, maxPages int, pause func(first []seat.Seat)) (grants []seat.Seat, announced int, err error) {
	const op = "list seats"
	first, err := c.seatPage(ctx, account, 1)
	if err != nil {
		return nil, 0, err
	}
	pause(first.grants)
	tooMany := &fault.Error{Code: fault.TooMany, Op: op}
	if first.last > maxPages {
		return nil, first.announced, tooMany
	}

	// The pages after the first are independent of each other. The gate in get bounds how many are asked for at once.
	rest := make([]seatPage, first.last-1)
	group, pages := errgroup.WithContext(ctx)
	for i := range rest {
		group.Go(func() (err error) {
			rest[i], err = c.seatPage(pages, account, i+2)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		if ctx.Err() != nil {
			err = outOfTime(op)
		}
		return nil, first.announced, err
	}
	grants = append([]seat.Seat{}, first.grants...)
	gap := len(first.grants) == 0
	for i := range rest {
		if listed := len(rest[i].grants); gap && listed > 0 {
			return nil, first.announced, unexpected(op, fmt.Sprintf("page %d lists %d seats, and the page before it none", i+2, listed))
		}
		gap = len(rest[i].grants) == 0
		grants = append(grants, rest[i].grants...)
	}
	// If GitHub has not named the last page, a full page may be followed by another, because there are more grants than people.
	for number := first.last + 1; !first.named && len(grants) == (number-1)*seatsPerPage; number++ {
		if number > maxPages {
			return nil, first.announced, tooMany
		}
		page, err := c.seatPage(ctx, account, number)
		if err != nil {
			return nil, first.announced, err
		}
		grants = append(grants, page.grants...)
	}
	return grants, first.announced, nil
}

type seatPage struct {
	grants    []seat.Seat
	announced int  // people with a seat, over all pages
	last      int  // the number of the last page, or the best guess
	named     bool // GitHub has named the last page
}

func (c *Client) seatPage(ctx context.Context, account copilot.Account, number int) (seatPage, error) {
	var list struct {
		Total *int          `json:"total_seats"`
		Seats *[]seatRecord `json:"seats"`
	}
	op := fmt.Sprintf("read seats page %d", number)
	a, err := c.getJSON(ctx, op, fmt.Sprintf("%s/copilot/billing/seats?per_page=%d&page=%d", accountPath(account), seatsPerPage, number), &list)
	switch {
	case err != nil:
		return seatPage{}, err
	case strings.HasPrefix(a.header.Get("X-Github-Sso"), "partial-results"):
		return seatPage{}, &fault.Error{Code: fault.SSOPartial, Op: op, Err: errors.New(c.quote(a.header.Get("X-Github-Sso")))}
	case list.Total == nil || *list.Total < 0 || *list.Total > maxAnnounced:
		return seatPage{}, unexpected(op, "its answer does not say how many seats there are")
	case list.Seats == nil:
		return seatPage{}, unexpected(op, "its answer holds no list of seats")
	}
	page := seatPage{announced: *list.Total, last: a.pages, named: a.pages > 0}
	for _, record := range *list.Seats {
		page.grants = append(page.grants, record.grant())
	}
	if !page.named { // no Link header: one page, or a proxy that dropped it
		page.last = max(1, (page.announced+seatsPerPage-1)/seatsPerPage)
	}
	return page, nil
}

// seatRecord is a seat as GitHub sends it. GitHub promises only created_at. So each field is read by itself, and a field of an
// unforeseen shape is unknown: a seat is billed even if one of its fields is wrong.
type seatRecord struct {
	Assignee            json.RawMessage `json:"assignee"`
	Team                json.RawMessage `json:"assigning_team"`
	Organization        json.RawMessage `json:"organization"`
	Plan                json.RawMessage `json:"plan_type"`
	CreatedAt           json.RawMessage `json:"created_at"`
	LastActivityAt      json.RawMessage `json:"last_activity_at"`
	LastActivityEditor  json.RawMessage `json:"last_activity_editor"`
	PendingCancellation json.RawMessage `json:"pending_cancellation_date"`
}

func (r *seatRecord) grant() seat.Seat {
	seat := seat.Seat{
		Plan:               copilot.ParsePlan(value[string](r.Plan)),
		CreatedAt:          instant(r.CreatedAt),
		LastActivityAt:     instant(r.LastActivityAt),
		LastActivityEditor: value[string](r.LastActivityEditor),
		Team: value[struct {
			Slug string `json:"slug"`
		}](r.Team).Slug,
		Organization: value[struct {
			Login string `json:"login"`
		}](r.Organization).Login,
	}
	if date := value[string](r.PendingCancellation); date != "" {
		if day, err := calendar.ParseDate(date); err == nil {
			seat.PendingCancellation = &day
		}
	}
	assignee := value[struct {
		ID    json.RawMessage `json:"id"`
		Login json.RawMessage `json:"login"`
		Type  json.RawMessage `json:"type"`
	}](r.Assignee)
	// An assignee can be a team or an organization. Their ids are not ids of people.
	if kind := value[string](assignee.Type); kind != "Team" && kind != "Organization" {
		if id, ok := idOf(assignee.ID); ok {
			seat.UserID, seat.Login = &id, value[string](assignee.Login)
		}
	}
	return seat
}

// idOf reads an id: a number, which some answers hold as a string.
func idOf(raw json.RawMessage) (id int64, ok bool) {
	id, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	return id, err == nil && id > 0
}

// instant reads a field that holds a time. The time may be in any zone.
func instant(raw json.RawMessage) *time.Time {
	at := optional[time.Time](raw)
	if at != nil {
		*at = at.UTC()
	}
	return at
}

// optional reads a field. It returns nil if the field is absent, null or not a T.
func optional[T any](raw json.RawMessage) *T {
	var v *T
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// value reads a field. It returns the zero value if the field is absent, null or not a T.
func value[T any](raw json.RawMessage) (v T) {
	if given := optional[T](raw); given != nil {
		v = *given
	}
	return v
}
