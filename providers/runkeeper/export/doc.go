// Package export reads what Runkeeper gives people who ask for their data: a
// ZIP with cardioActivities.csv, measurements.csv and one GPX file for each
// activity that has a track. It never writes.
//
// The same file has had several header lines, with and without ids and
// friends, in kilometres and in miles. Units are read from the header and
// never guessed; everything comes out in metres, seconds and kilogrammes.
//
// An export says neither whose it is nor in which time zone it was recorded.
// Times are the clock on the wall. The zone is found out by comparing that
// clock with the first instant of the activity's track, where there is one.
package export
