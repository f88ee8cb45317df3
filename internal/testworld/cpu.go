package testworld

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// CPU returns how much processor time this process has used so far. Unlike the time on a clock it does not grow while
// others use the machine.
func CPU(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Beside is the benchmark of work beside a reference: it runs the two in turns, so that both meet the same disturbances,
// and reports the processor time of work and how many times that of the reference it is. Both are of this process.
func Beside(b *testing.B, reference string, refer, work func()) {
	b.Helper()
	var worked, referred time.Duration
	rounds := 0
	for b.Loop() {
		worked += spent(b, work)
		referred += spent(b, refer)
		rounds++
	}
	ReportBeside(b, reference, worked, referred, rounds)
}

// ReportBeside reports processor time that was measured in so many rounds, and that of the reference.
func ReportBeside(b *testing.B, reference string, worked, referred time.Duration, rounds int) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // it is time on the clock, of the two together
	b.ReportMetric(worked.Seconds()*1000/float64(rounds), "cpu-ms")
	b.ReportMetric(float64(worked)/float64(referred), "x-"+reference)
}

// spent begins without the garbage of what ran before.
func spent(b *testing.B, run func()) time.Duration {
	b.Helper()
	runtime.GC()
	began := CPU(b)
	run()
	return CPU(b) - began
}
