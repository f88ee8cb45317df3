package githubsim

import "sync"

// dayTotals is one day of an account: the sum of the same activities that its users report shows.
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

	granted [3]map[string]int // the same by granting organization

	engaged, agentUsers int
	further             further
}

func (p population) totals(on day) *dayTotals {
	sum := &dayTotals{day: on, hundredths: make(map[string]int)}
	for through := range sum.granted {
		sum.granted[through] = make(map[string]int)
	}
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
			sum.granted[throughOf(user)][s.model] += s.hundredths
		}
	}
	return sum
}

// addWindows counts the person in each window in which they were active. It stops looking back when no count can change.
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

// knownTotals keeps computed totals for all servers of the process, because many servers simulate the same accounts.
var knownTotals totalsCache

// maxKnownTotals is enough for two years of five accounts. Each entry has some kilobytes.
const maxKnownTotals = 4096

type totalsCache struct {
	mu   sync.Mutex
	days map[totalsKey]*dayTotals
}

// totalsKey holds everything on which the totals of a day depend.
type totalsKey struct {
	dice             dice
	seats            int
	zeroActive       bool
	completionModels bool
	settlesAfter     int
	spending         int
	day              day
	age              int
	revision         int
}

func (p population) totalsKey(on day) totalsKey {
	return totalsKey{
		dice: p.dice, seats: p.account.Seats, zeroActive: p.account.ZeroActive, completionModels: p.account.CompletionModels,
		settlesAfter: p.account.SettlesAfter, spending: p.account.Spending, day: on, age: p.age(on), revision: p.revision(on),
	}
}

// of returns the totals for a key. It computes them outside the lock: two first requests at once do the work twice, but neither
// waits for the other. Nobody may change the result.
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
