import { waitForSlowAddresses } from "../shared/azure/slow-addresses.ts";
import { runCommand } from "./run-command.ts";

waitForSlowAddresses();
const { argv, env, stdout: out, stderr: aside } = process;
const terminal = { colour: out.isTTY === true && !env.NO_COLOR, aside };
const { exitCode, stdout, stderr } = await runCommand(argv.slice(2), env, terminal);
out.write(stdout);
aside.write(stderr);
process.exitCode = exitCode;
