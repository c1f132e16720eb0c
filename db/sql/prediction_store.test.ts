import { describePredictionsContract } from "../contract/predictions.contract.ts";
import { temporarySql } from "./temporary_sql.ts";

describePredictionsContract("PredictionStore on SQLite", temporarySql);
