// Package figures computes what a coach asks about training: sums by sport and
// period, streaks, records, the load and its growth. It is pure: it reads
// neither clock nor network.
//
// Days are clocks on the wall where the person was, kept as if they were UTC.
// Distances are kilometres, durations seconds, climbs metres and heart rates
// beats per minute; 0 is not known. A figure ends with a day that is named
// "until", which is within.
package figures
