package githubsim

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// dice draws every number from what it is for. There is no shared sequence, so the order of questions
// cannot change an answer.
type dice uint64

// matter is what a number decides; two matters of one person and day are independent.
type matter uint64

const (
	habit matter = iota + 1
	diligence
	telemetry
	interests
	attendance
	observation
	chatting
	delegating
	commandLine
	work
	pullRequestsOfDay
	repeatedRow
	spelling
	seatHistory
	lateness
	restating // the last one: each revision is 256 further on
)

// lifelong stands in for the day of a matter that does not change from day to day.
const lifelong day = -1

func diceOf(a *Account) dice {
	h := fnv.New64a()
	h.Write([]byte(string(a.Kind) + "/" + strings.ToLower(a.Slug)))
	return dice(h.Sum64())
}

// roll returns a number in [0,1).
func (d dice) roll(user int, on day, what matter) float64 {
	return float64(d.hash(user, on, what)>>11) / (1 << 53)
}

// sequence returns a source for a matter that needs many numbers.
func (d dice) sequence(user int, on day, what matter) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(d), d.hash(user, on, what))) //nolint:gosec // repeatable, not secret
}

func (d dice) hash(user int, on day, what matter) uint64 {
	return mix(mix(mix(uint64(d)+uint64(user))+uint64(on)) + uint64(what)) //nolint:gosec // a hash may wrap around
}

// mix is the finalizer of SplitMix64: close inputs come out far apart.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
