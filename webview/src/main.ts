/** Entry of the one panel bundle: the same code in VS Code and in a standalone report. */
import "./ui/components";
import { App } from "./app";
import { createHost } from "./host";
import { dressPage } from "./theme";

const host = createHost(document, window);
dressPage(document, host.standalone);
const app = new App();
app.host = host;
document.body.append(app);
