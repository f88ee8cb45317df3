package githubsim

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice draws random numbers. Each number depends only on what it is for. There is no shared sequence, so the order of requests
// cannot change an answer.
type dice uint64

// matter is what a number decides. The numbers of two matters are independent, even for the same person and day.
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
	guilds
	restating // each revision adds 256 to it
	moving    // likewise; there are fewer than 256 matters
)

// lifelong is used as the day of a matter that is the same on all days.
const lifelong day = -1

func diceOf(a *Account) dice {
	h := fnv.New64a()
	h.Write([]byte(a.origin()))
	return dice(h.Sum64())
}

// roll returns a number in [0, 1).
func (d dice) roll(user int, on day, what matter) float64 {
	return float64(d.hash(user, on, what)>>11) / (1 << 53)
}

// sequence returns a source of many numbers for one matter.
func (d dice) sequence(user int, on day, what matter) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(d), d.hash(user, on, what))) //nolint:gosec // repeatable, not secret
}

func (d dice) hash(user int, on day, what matter) uint64 {
	return mix(mix(mix(uint64(d)+uint64(user))+uint64(on)) + uint64(what)) //nolint:gosec // a hash may wrap around
}

// mix is the finalizer of SplitMix64. Similar inputs have very different results.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
