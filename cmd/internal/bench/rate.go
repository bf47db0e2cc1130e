package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is how an apply of single writes used a limit.
type Rate struct {
	Size   int     // contacts; each takes a call of its own
	Limit  string  // as it was given, such as 100/10s
	Allows float64 // calls per second that the limit allows
	Sample
}

// achieved is how many calls went per second, from the first to the last.
func (r Rate) achieved() float64 {
	took := r.Last.Sub(r.First).Seconds()
	if took <= 0 {
		return 0
	}
	return float64(r.Calls) / took
}

// RunRate changes everybody at each size, under the limit.
func RunRate(ctx context.Context, o Options) ([]Rate, error) {
	allows, err := parseRate(o.Rate)
	if err != nil {
		return nil, err
	}
	var rates []Rate
	for _, size := range o.Sizes {
		fmt.Fprintf(o.Log, "%s single writes at %s\n", count(size), o.Rate)
		sample, err := o.runRate(ctx, size)
		if err != nil {
			return nil, fmt.Errorf("%d single writes: %w", size, err)
		}
		rates = append(rates, Rate{Size: size, Limit: o.Rate, Allows: allows, Sample: sample})
	}
	return rates, nil
}

func (o Options) runRate(ctx context.Context, size int) (s Sample, err error) {
	p, err := o.open(ctx, size)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err = p.adopt(ctx); err != nil {
		return s, err
	}
	if err = p.change(1); err != nil {
		return s, err
	}
	return p.measure(ctx, 0, accepting("apply", "-auto-approve")(p)...)
}

// parseRate reads "100/10s" as calls per second.
func parseRate(text string) (float64, error) {
	number, interval, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(number)
	per, err2 := time.ParseDuration(interval)
	if err != nil || err2 != nil || n < 1 || per <= 0 {
		return 0, fmt.Errorf("-rate is a number and a time such as 100/10s, or off, not %q", text)
	}
	return float64(n) / per.Seconds(), nil
}

// leastShare is how much of the allowed rate an apply must use.
const leastShare = 0.95

// RenderRate writes the table of the measured rates in Markdown.
func RenderRate(machine string, rates []Rate) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s.\n\n| limit | single writes | calls | wall | CPU | calls per second | share of the limit | answers 429 | |\n"+
		"|---|--:|--:|--:|--:|--:|--:|--:|---|\n", machine)
	for _, r := range rates {
		share := r.achieved() / r.Allows
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s %% | %s | %s |\n", r.Limit, count(r.Writes), count(r.Calls),
			seconds(r.Wall), seconds(r.CPU), decimals(r.achieved(), 2), decimals(share*100, 1), count(r.Refused),
			met(share >= leastShare && r.Refused == 0))
	}
	return b.String()
}
