/** What `npm start -- --help` prints. */
export const USAGE = `npm start -- [flags]: the app on a simulated Azure, with a scenario of your choice

  --scenario NAME   what happens to the world (default region-loss; --list shows all)
  --speed N|max     simulated time per wall time until the app has settled the matter (default 60);
                    idle stretches are always skipped. max waits for nothing
  --mode MODE       observe, approve or automatic instead of the configuration's
  --config FILE     another configuration than demo/demo.yaml
  --bundle          the app as npm run build puts it together, instead of its sources
  --seed N          another run of the same story; the same seed gives the same run at any speed
  --port N          loopback port of the first site (default 7071; the next free ones if taken)
  --json            one document on stdout instead of the timeline
  --exit            end after the scenario instead of serving on; with --json also --speed max
  --list            the scenarios
  --help            this

Exit code: 0 when the simulated world's own ledger shows what is expected of the scenario,
1 when it does not, 2 when the command line or a file cannot be understood.
`;
