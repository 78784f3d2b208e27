import { waitForSlowAddresses } from "../shared/azure/slow-addresses.ts";
import { runCommand } from "./run-command.ts";

waitForSlowAddresses();
const { argv, env, stdout: out } = process;
const terminal = { colour: out.isTTY === true && !env.NO_COLOR };
const { exitCode, stdout, stderr } = await runCommand(argv.slice(2), env, terminal);
out.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
