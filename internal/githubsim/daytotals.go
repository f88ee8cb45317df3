package githubsim

import "sync"

// dayTotals is one day of an account, summed over the very activities its users report shows.
type dayTotals struct {
	day       day
	active    int
	cliActive int

	// Trailing windows that end with the day: 7 and 28 days.
	weekly, monthly, monthlyChat, monthlyAgent int

	tally      tally
	breakdowns breakdowns
	cli        commandLineUse
	hundredths map[string]int // AI credits by invoice model

	engaged, agentUsers int
	further             further
}

func (p population) totals(on day) *dayTotals {
	sum := &dayTotals{day: on, hundredths: make(map[string]int)}
	for user := range p.everybody() {
		p.addWindows(sum, user)
		done := p.activity(user, on)
		if done.presence == absent {
			continue
		}
		sum.active++
		if done.cli.sessions > 0 {
			sum.cliActive++
		}
		p.addFurther(sum, user, done)
		sum.tally.add(done.tally)
		sum.breakdowns.add(done.cells)
		sum.cli.add(done.cli)
		for _, s := range done.spent {
			sum.hundredths[s.model] += s.hundredths
		}
	}
	return sum
}

// addWindows counts the person in each window that saw them. It looks no further back than something can change.
func (p population) addWindows(sum *dayTotals, user int) {
	var week, month, chat, agent int
	for back := day(0); back < 28 && (back < 7 || chat == 0 || agent == 0); back++ {
		on := sum.day - back
		seen := p.presence(user, on)
		if seen == absent {
			continue
		}
		month = 1
		if back < 7 {
			week = 1
		}
		if seen == observed && p.chats(user, on) {
			chat = 1
		}
		if seen == observed && p.delegates(user, on) {
			agent = 1
		}
	}
	sum.weekly += week
	sum.monthly += month
	sum.monthlyChat += chat
	sum.monthlyAgent += agent
}

// knownTotals keeps what was computed, for all servers of the process: many simulate the same accounts.
var knownTotals totalsCache

// maxKnownTotals bounds them: more than two years of five accounts, some kilobytes each.
const maxKnownTotals = 4096

type totalsCache struct {
	mu   sync.Mutex
	days map[totalsKey]*dayTotals
}

// totalsKey names all that the totals of a day depend on.
type totalsKey struct {
	dice             dice
	seats            int
	zeroActive       bool
	completionModels bool
	settlesAfter     int
	day              day
	age              int
	revision         int
}

func (p population) totalsKey(on day) totalsKey {
	return totalsKey{
		dice: p.dice, seats: p.account.Seats, zeroActive: p.account.ZeroActive, completionModels: p.account.CompletionModels,
		settlesAfter: p.account.SettlesAfter, day: on, age: p.age(on), revision: p.revision(on),
	}
}

// of computes outside the lock: two first questions at once cost the work twice, never a wait on each other. Nobody may
// change what it returns.
func (c *totalsCache) of(p population, on day) *dayTotals {
	key := p.totalsKey(on)
	c.mu.Lock()
	known := c.days[key]
	c.mu.Unlock()
	if known != nil {
		return known
	}
	computed := p.totals(on)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.days == nil || len(c.days) >= maxKnownTotals {
		c.days = make(map[totalsKey]*dayTotals)
	}
	c.days[key] = computed
	return computed
}
